import { Box, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconArrowMerge } from "@tabler/icons-react";
import { Link } from "react-router";
import type { MergedRecord } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { shownName } from "../patients/person";
import { usePersonName } from "../properties/person";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import classes from "../ui/list.module.css";
import { Section } from "../ui/section";
import { tell } from "../ui/tell";
import { unmerge, useMerged } from "./merging";
import { useWords } from "./words";

/** The records merged into a patient, and the way to merge another one (PAT-7). */
export function Duplicates({ patient }: { patient: string }) {
  const { t } = useWords();
  const { data, error, refetch } = useMerged(patient);
  return (
    <Section title={t("duplicates.title")} about={t("duplicates.about")} changing={data?.records.length}>
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={48} />}
      {data?.records.length === 0 && <Text size="sm">{t("duplicates.none")}</Text>}
      {data !== undefined && data.records.length > 0 && (
        <ul className={classes.list}>
          {data.records.map((record) => (
            <Merged key={record.id} patient={patient} record={record} />
          ))}
        </ul>
      )}
      <Button
        component={Link}
        to={`/patients/${patient}/merge`}
        variant="default"
        w="fit-content"
        leftSection={<IconArrowMerge size={16} />}
      >
        {t("duplicates.merge")}
      </Button>
    </Section>
  );
}

function Merged({ patient, record }: { patient: string; record: MergedRecord }) {
  const { t } = useWords();
  const by = usePersonName(record.merged_by);
  const since = t("duplicates.since", { when: formatInstant(record.merged_at, undefined) });
  const id = record.unique_id;
  return (
    <Box component="li" className={classes.item}>
      <Stack gap={2} miw={0}>
        <Group gap="xs">
          <Text fw={550}>
            <bdi>{shownName(record)}</bdi>
          </Text>
          <Text size="sm" ff="monospace">
            {id}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {[t("duplicates.photographs", { count: record.image_count }), since, by].filter(Boolean).join(" · ")}
        </Text>
      </Stack>
      <Confirm
        size="xs"
        label={t("duplicates.part")}
        title={t("duplicates.partTitle", { id })}
        effect={t("duplicates.partEffect", { id })}
        act={() => unmerge(patient, record.id)}
        onDone={() => tell({ color: "teal", message: t("duplicates.parted", { id }) })}
      />
    </Box>
  );
}
