import { Anchor, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import type { EntryView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useMayTreat } from "../patients/sharing";
import { useWorkspace } from "../pool/pool";
import { usePersonName } from "../properties/person";
import { useSite } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { AppointmentField } from "./appointment-field";
import { useEntry } from "./entries";
import { Folding } from "./folding";
import { useSections } from "./sections";
import { TagsAndNotes } from "./tags-and-notes";
import { useWords } from "./words";
import { WorkspaceSection } from "./workspace-section";

/** One visit: its header and what belongs to it (ENT-1, ENT-2). */
export function EntryPage() {
  const { t } = useWords();
  const { patient = "", entry: id = "" } = useParams();
  const { data: entry, error, refetch } = useEntry(patient, id);
  usePageTitle(t("entry"));
  return (
    <Page>
      <Anchor component={Link} to={`/patients/${patient}/entries`} size="sm" c="dimmed">
        <Group gap={4} component="span">
          <IconArrowLeft size={15} stroke={1.6} />
          {t("back")}
        </Group>
      </Anchor>
      {entry === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {entry === undefined && error === null && <Waiting />}
      {entry !== undefined && <Entry key={entry.id} patient={patient} entry={entry} />}
    </Page>
  );
}

function Entry({ patient, entry }: { patient: string; entry: EntryView }) {
  const { t } = useWords();
  const record = usePatient(patient).data;
  const zone = useSite(record?.site)?.time_zone;
  const mayTreat = useMayTreat(record);
  const { open, toggle } = useSections(entry.id);
  const workspace = useWorkspace(patient, entry.id);
  const viewing = useParams().image !== undefined;
  return (
    <>
      <Header entry={entry} timeZone={zone} mayTreat={mayTreat} />
      {open === undefined ? (
        <Waiting />
      ) : (
        <Stack gap={0}>
          <Folding
            title={t("sections.workspace")}
            count={workspace.data?.total}
            open={open.workspace || viewing}
            onToggle={() => toggle("workspace")}
          >
            <WorkspaceSection
              patient={patient}
              entry={entry.id}
              workspace={workspace}
              timeZone={zone}
              mayTreat={mayTreat}
            />
          </Folding>
          <Folding title={t("sections.comparisons")} open={open.comparisons} onToggle={() => toggle("comparisons")}>
            <Text c="dimmed">{t("comparisons.empty")}</Text>
          </Folding>
          <Folding
            title={t("sections.tagsAndNotes")}
            open={open.tags_and_notes}
            onToggle={() => toggle("tags_and_notes")}
          >
            <TagsAndNotes entry={entry} mayTreat={mayTreat} />
          </Folding>
        </Stack>
      )}
    </>
  );
}

interface HeaderProps {
  entry: EntryView;
  timeZone: string | undefined;
  mayTreat: boolean;
}

function Header({ entry, timeZone, mayTreat }: HeaderProps) {
  const { t } = useWords();
  const author = usePersonName(entry.created_by) ?? "…";
  return (
    <Group justify="space-between" align="flex-end" mt="xs" mb="lg" gap="lg">
      <div>
        <Title order={1} mb={4}>
          {t("entry")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("createdBy", { name: author, when: formatInstant(entry.created_at, timeZone) })}
        </Text>
      </div>
      {timeZone === undefined ? (
        <Skeleton h={62} w={260} />
      ) : (
        <AppointmentField entry={entry} timeZone={timeZone} readOnly={!mayTreat} />
      )}
    </Group>
  );
}

function Waiting() {
  return (
    <Stack gap="md" mt="md">
      {[0, 1, 2].map((place) => (
        <Skeleton key={place} h={64} />
      ))}
    </Stack>
  );
}
