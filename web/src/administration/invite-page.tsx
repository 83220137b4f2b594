import { Box, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { Problem } from "../api/problem";
import type { PasswordLinkView, UserView } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { managesInstallation } from "../session/may";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { useSayProblem } from "../ui/say-problem";
import { tellProblem } from "../ui/tell";
import { PasswordLink } from "./password-link";
import { RoleFields } from "./role-fields";
import { type InstallationRole, type RoleBySite, rolesAtSites } from "./roles";
import { useSites } from "./sites";
import { invite, makeLink } from "./users";
import { useWords } from "./words";

const LOGIN = /^[a-zA-Z0-9._@+-]{2,64}$/;

/** Somebody new: a user name, what they may do, and in the end the link to hand over (ORG-2). */
export function InvitePage() {
  const { t } = useWords();
  usePageTitle(t("users.invite"));
  const [done, setDone] = useState<{ user: UserView; link: PasswordLinkView } | null>(null);
  return <Page narrow>{done === null ? <InviteForm onDone={setDone} /> : <HandOver {...done} />}</Page>;
}

interface Typed {
  login: string;
  display_name: string;
  held: RoleBySite;
  wide: InstallationRole[];
}

function InviteForm({ onDone }: { onDone: (done: { user: UserView; link: PasswordLinkView }) => void }) {
  const { t } = useWords();
  const say = useSayProblem();
  const navigate = useNavigate();
  const session = useSession();
  const sites = useSites();
  // repeating an invitation whose answer was lost must not invite twice
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const form = useForm<Typed>({
    initialValues: { login: "", display_name: "", held: {}, wide: [] },
    validateInputOnBlur: true,
    validate: {
      login: (typed) => (LOGIN.test(typed.trim()) ? null : t("users.loginRule")),
      display_name: (typed) => (typed.trim() === "" ? t("users.nameMissing") : null),
    },
  });
  const asked = useMutation({
    mutationFn: ({ login, display_name, held, wide }: Typed) =>
      invite({ login, display_name, sites: rolesAtSites(held), installation_roles: wide }, idempotencyKey),
    onSuccess: async (user) => {
      try {
        onDone({ user, link: await makeLink(user) });
      } catch (error) {
        tellProblem(error); // the user is there: a link can be made on their page
        void navigate(`/administration/users/${user.id}`);
      }
    },
    onError: (error) => {
      if (!(error instanceof Problem && error.code === "login_taken")) return;
      form.setFieldError("login", say(error));
      form.getInputNode("login")?.focus();
    },
  });
  const taken = asked.error instanceof Problem && asked.error.code === "login_taken";
  const { held, wide } = form.values;
  const nothing = rolesAtSites(held).length === 0 && wide.length === 0;
  if (sites.error !== null) return <ErrorState error={sites.error} onRetry={() => void sites.refetch()} />;
  return (
    <>
      <Title order={1} mb={4}>
        {t("users.invite")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("users.inviteAbout")}
      </Text>
      <form onSubmit={form.onSubmit((typed) => asked.mutate(typed))}>
        <Stack gap="xl">
          <Stack gap="md">
            <TextInput
              label={t("users.login")}
              description={t("users.loginRule")}
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
              required
              withAsterisk={false}
              data-autofocus
              autoFocus
              {...form.getInputProps("login")}
            />
            <TextInput
              label={t("users.name")}
              description={t("users.nameAbout")}
              autoComplete="off"
              maxLength={200}
              required
              withAsterisk={false}
              {...form.getInputProps("display_name")}
            />
          </Stack>
          <RoleFields
            sites={sites.data ?? []}
            held={held}
            wide={wide}
            onRole={(site, role) => form.setFieldValue("held", { ...held, [site]: role })}
            onWide={(role, holds) =>
              form.setFieldValue("wide", holds ? [...wide, role] : wide.filter((other) => other !== role))
            }
          />
          {!taken && <ProblemAlert error={asked.error} />}
          <Group justify="flex-end">
            {nothing && (
              <Text size="sm" c="dimmed" flex={1}>
                {t(managesInstallation(session) ? "users.noRole" : "users.roleMissing")}
              </Text>
            )}
            <Button component={Link} to="/administration/users" variant="default">
              {t("translation:ui.cancel")}
            </Button>
            <Button type="submit" loading={asked.isPending} disabled={nothing && !managesInstallation(session)}>
              {t("users.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}

function HandOver({ user, link }: { user: UserView; link: PasswordLinkView }) {
  const { t } = useWords();
  return (
    <Stack gap="md">
      <Title order={1} tabIndex={-1} ref={(title) => title?.focus()}>
        {t("link.title", { name: user.display_name })}
      </Title>
      <PasswordLink link={link} name={user.display_name} />
      <Box>
        <Group justify="flex-end">
          <Button component={Link} to="/administration/users" variant="default">
            {t("translation:ui.done")}
          </Button>
        </Group>
      </Box>
    </Stack>
  );
}
