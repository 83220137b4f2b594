import { Alert, Anchor, Box, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import type { ImageView, MoveTarget } from "../api/schema";
import { UNIQUE_ID } from "../patients/form";
import { usePatient } from "../patients/patient";
import { shownName } from "../patients/person";
import { useMayTreat } from "../patients/sharing";
import { useSite } from "../session/session";
import { formatDate } from "../ui/dates";
import { Fact, Facts } from "../ui/fact-list";
import { move, previewMove, problemInWords } from "./moving";
import { tellOfMove } from "./news";
import { useWords } from "./words";

interface MoveProps {
  patient: string;
  image: ImageView;
  asking: boolean;
  onAsking: (asking: boolean) => void;
}

/** The way to another patient for a photograph that is this one's by mistake (PAT-7). */
export function Move({ patient, image, asking, onAsking }: MoveProps) {
  const { t } = useWords();
  const may = useMayTreat(usePatient(patient).data);
  if (!may || image.state !== "ready") return null;
  if (image.moving) {
    return (
      <Text size="sm" c="dimmed" mt="lg" role="status">
        {t("underway")}
      </Text>
    );
  }
  const leave = () => onAsking(false);
  return (
    <Box mt="lg">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconArrowsExchange size={15} stroke={1.7} />}
        onClick={() => onAsking(true)}
      >
        {t("open")}
      </Button>
      <Modal
        opened={asking}
        onClose={leave}
        title={t("title")}
        closeButtonProps={{ "aria-label": t("translation:ui.close") }}
      >
        {image.entries.length > 0 ? (
          <Held patient={patient} entries={image.entries} />
        ) : (
          <Choice patient={patient} image={image} onLeave={leave} />
        )}
      </Modal>
    </Box>
  );
}

/** Where it has to be removed first. */
function Held({ patient, entries }: { patient: string; entries: readonly string[] }) {
  const { t } = useWords();
  return (
    <Alert color="yellow" variant="light">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("inWorkspace", { count: entries.length })}</Text>
        {entries.map((entry, n) => (
          <Anchor key={entry} component={Link} to={`/patients/${patient}/entries/${entry}`} size="sm" fw={600}>
            {entries.length === 1 ? t("entry") : t("entryNumbered", { number: n + 1 })}
          </Anchor>
        ))}
      </Stack>
    </Alert>
  );
}

interface ChoiceProps {
  patient: string;
  image: ImageView;
  onLeave: () => void;
}

/** Whom it is to go to: by the exact unique ID, and then by a look at who that is. */
function Choice({ patient, image, onLeave }: ChoiceProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const find = useMutation({ mutationFn: () => previewMove(patient, typed.trim().toLowerCase()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    find.mutate();
  };
  return (
    <Stack gap="md">
      <Text size="sm">{t("about")}</Text>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("uniqueId")}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              find.reset();
            }}
            maxLength={32}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
            flex="1 1 200px"
          />
          <Button
            type="submit"
            variant={find.data === undefined ? "filled" : "default"}
            disabled={!UNIQUE_ID.test(typed.trim())}
            loading={find.isPending}
          >
            {t("find")}
          </Button>
        </Group>
      </form>
      <Refusal error={find.error} />
      {find.data !== undefined && <Decision patient={patient} image={image} target={find.data} onLeave={onLeave} />}
    </Stack>
  );
}

/** Who that is, and the last question. */
function Decision({ patient, image, target, onLeave }: ChoiceProps & { target: MoveTarget }) {
  const { t } = useWords();
  const site = useSite(target.site);
  const moving = useMutation({
    mutationFn: () => move(patient, image, target, (outcome) => tellOfMove(image.id, target, outcome)),
    onSuccess: () => {
      tellOfMove(image.id, target, "begun");
      onLeave();
    },
  });
  return (
    <>
      <div aria-live="polite">
        <Facts title={t("target")}>
          <Fact name={t("name")}>
            <Text component="span" fw={650}>
              <bdi>{shownName(target)}</bdi>
            </Text>
          </Fact>
          <Fact name={t("id")}>{target.unique_id}</Fact>
          <Fact name={t("born")}>{target.date_of_birth ? formatDate(target.date_of_birth) : t("unknown")}</Fact>
          <Fact name={t("site")}>{site !== undefined && <bdi>{site.name}</bdi>}</Fact>
          <Fact name={t("photographs")}>{String(target.image_count)}</Fact>
        </Facts>
      </div>
      {target.obstacle === null ? (
        <Text size="sm">{t("along")}</Text>
      ) : (
        <Alert color="yellow" variant="light" role="alert">
          {t(`problems.${target.obstacle}`)}
        </Alert>
      )}
      {target.obstacle === null && target.site !== image.site && (
        <Alert color="yellow" variant="light">
          {t("otherSite")}
        </Alert>
      )}
      <Refusal error={moving.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onLeave}>
          {t("translation:ui.cancel")}
        </Button>
        <Button disabled={target.obstacle !== null} loading={moving.isPending} onClick={() => moving.mutate()}>
          {t("move", { id: target.unique_id })}
        </Button>
      </Group>
    </>
  );
}

function Refusal({ error }: { error: unknown }) {
  if (error === null) return null;
  return (
    <Alert color="red" variant="light" role="alert" p="sm">
      {problemInWords(error)}
    </Alert>
  );
}
