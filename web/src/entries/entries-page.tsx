import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { usePatient } from "../patients/patient";
import { useMayTreat } from "../patients/sharing";
import { useSite } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { inWords, tell } from "../ui/tell";
import { createEntry, useEntries } from "./entries";
import classes from "./timeline.module.css";
import { TimelineEntry } from "./timeline-entry";
import { useWords } from "./words";

/** A patient's visits, latest first. */
export function EntriesPage() {
  const { t } = useWords();
  const { patient: id = "" } = useParams();
  const record = usePatient(id).data;
  const zone = useSite(record?.site)?.time_zone;
  const mayTreat = useMayTreat(record);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useEntries(id);
  usePageTitle(t("translation:frame.places.entries"));
  const entries = data?.pages.flatMap((page) => page.entries);
  const total = data?.pages[0]?.total ?? 0;
  return (
    <Page narrow>
      <Group justify="space-between" mb="lg">
        <Group gap={10} align="baseline">
          <Title order={1}>{t("translation:frame.places.entries")}</Title>
          {total > 0 && (
            <Text c="dimmed" size="sm">
              {t("count", { count: total })}
            </Text>
          )}
        </Group>
        {total > 0 && mayTreat && <NewEntry patient={id} />}
      </Group>
      {entries === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {entries === undefined && error === null && <Waiting />}
      {entries?.length === 0 && <Empty patient={id} mayTreat={mayTreat} />}
      {entries !== undefined && entries.length > 0 && (
        <ol className={classes.timeline} aria-label={t("translation:frame.places.entries")}>
          {entries.map((entry) => (
            <TimelineEntry key={entry.id} entry={entry} timeZone={zone} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("more")}
          </Button>
        </Group>
      )}
    </Page>
  );
}

function NewEntry({ patient }: { patient: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  // repeating a creation whose answer was lost must not create twice
  const [key, setKey] = useState(() => crypto.randomUUID());
  const create = useMutation({
    mutationFn: () => createEntry(patient, key),
    onSuccess: (entry) => {
      setKey(crypto.randomUUID());
      void navigate(`/patients/${patient}/entries/${entry.id}`);
    },
    onError: (error) => tell({ color: "red", title: t("newFailed"), message: inWords(error), autoClose: 10_000 }),
  });
  return (
    <Button leftSection={<IconCalendarPlus size={17} />} loading={create.isPending} onClick={() => create.mutate()}>
      {t("new")}
    </Button>
  );
}

function Empty({ patient, mayTreat }: { patient: string; mayTreat: boolean }) {
  const { t } = useWords();
  return (
    <Stack align="center" gap="xs" py={72} ta="center">
      <Title order={2}>{t("empty.title")}</Title>
      <Text c="dimmed" maw={420} mb="sm">
        {mayTreat ? t("empty.about") : t("mayNotWrite")}
      </Text>
      {mayTreat && <NewEntry patient={patient} />}
    </Stack>
  );
}

function Waiting() {
  return (
    <Stack gap="sm">
      {[0, 1, 2].map((place) => (
        <Skeleton key={place} h={84} />
      ))}
    </Stack>
  );
}
