import { Alert, Button, Checkbox, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import type { TokenMade } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { ShownOnce } from "../forms/shown-once";
import { useSession } from "../session/session";
import { needSite, type Scope, scopesFor, wordsOf } from "./token-scopes";
import { makeToken } from "./tokens";
import { useWords } from "./words";

const DAYS = ["7", "30", "90", "365"] as const;
const DAY_MS = 86_400_000;

/** A new API token: what for, where, until when; then the token itself, once (ORG-7). */
export function NewTokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useWords();
  const make = useMutation({ mutationFn: makeToken, gcTime: 0 });
  const close = () => {
    onClose();
    make.reset();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      closeOnClickOutside={false}
      size="lg"
      title={t("tokens.make")}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      {make.data === undefined ? (
        <TokenForm
          pending={make.isPending}
          error={make.error}
          onCancel={close}
          onSubmit={({ days, ...token }) =>
            make.mutate({ ...token, expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() })
          }
        />
      ) : (
        <Made token={make.data} onDone={close} />
      )}
    </Modal>
  );
}

interface Typed {
  name: string;
  scopes: Scope[];
  sites: string[];
  days: string;
}

interface TokenFormProps {
  pending: boolean;
  error: unknown;
  onCancel: () => void;
  onSubmit: (typed: Typed) => void;
}

function TokenForm({ pending, error, onCancel, onSubmit }: TokenFormProps) {
  const { t } = useWords();
  const session = useSession();
  const [only] = session.sites.length === 1 ? session.sites : [];
  const form = useForm<Typed>({
    initialValues: { name: "", scopes: [], sites: only === undefined ? [] : [only.site], days: "90" },
    validate: {
      name: (typed) => (typed.trim() === "" ? t("tokens.nameMissing") : null),
      scopes: (chosen) => (chosen.length === 0 ? t("tokens.scopeMissing") : null),
      sites: (chosen, { scopes }) => (chosen.length === 0 && needSite(scopes) ? t("tokens.siteMissing") : null),
    },
  });
  return (
    <form onSubmit={form.onSubmit(onSubmit)}>
      <Stack gap="lg">
        <TextInput
          label={t("tokens.name")}
          description={t("tokens.nameAbout")}
          maxLength={200}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Checkbox.Group
          label={t("tokens.scopesLabel")}
          description={t("tokens.scopesAbout")}
          {...form.getInputProps("scopes")}
        >
          <Stack gap="xs" mt={4}>
            {scopesFor(session).map((scope) => (
              <Checkbox key={scope} value={scope} label={t(wordsOf(scope))} />
            ))}
          </Stack>
        </Checkbox.Group>
        {session.sites.length > 0 && (
          <Checkbox.Group
            label={t("tokens.sitesLabel")}
            description={t("tokens.sitesAbout")}
            {...form.getInputProps("sites")}
          >
            <Stack gap="xs" mt={4}>
              {session.sites.map(({ site, name }) => (
                <Checkbox key={site} value={site} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Select
          label={t("tokens.days")}
          description={t("tokens.daysAbout")}
          data={DAYS.map((days) => ({ value: days, label: t("tokens.daysOf", { count: Number(days) }) }))}
          allowDeselect={false}
          {...form.getInputProps("days")}
        />
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t("translation:ui.cancel")}
          </Button>
          <Button type="submit" loading={pending}>
            {t("tokens.make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ token, onDone }: { token: TokenMade; onDone: () => void }) {
  const { t } = useWords();
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" p="sm" title={t("tokens.once")}>
        {t("tokens.onceAbout")}
      </Alert>
      <ShownOnce label={token.name} secret={token.token} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t("translation:ui.done")}
        </Button>
      </Group>
    </Stack>
  );
}
