import { Badge, Button, Drawer, Group, NavLink, Skeleton, Stack, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EntryView, NotesVersion } from "../api/schema";
import { usePatient } from "../patients/patient";
import { usePersonName } from "../properties/person";
import { useSite } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import classes from "./editor.module.css";
import { loadHistory, loadVersion } from "./open-notes";
import { useWords } from "./words";

interface HistoryProps {
  entry: EntryView;
  opened: boolean;
  onClose: () => void;
  /** Null for who may not change the notes. */
  onRestore: ((text: string) => void) | null;
}

/** Who saved the notes of an entry, and what they were then. */
export function History({ entry, opened, onClose, onRestore }: HistoryProps) {
  const { t } = useWords();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="min(100vw, 460px)"
      title={t("history.title")}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      <Versions entry={entry} onRestore={onRestore} onClose={onClose} />
    </Drawer>
  );
}

function Versions({ entry, onRestore, onClose }: Omit<HistoryProps, "opened">) {
  const { t } = useWords();
  const of = { patient: entry.patient, entry: entry.id };
  const [shown, setShown] = useState<number | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ["notes", "versions", entry.id],
    queryFn: () => loadHistory(of),
    staleTime: 0,
    gcTime: 0,
  });
  if (data === undefined) {
    return error === null ? <Skeleton h={160} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("history.about")}
      </Text>
      {data.versions.length === 0 && <Text c="dimmed">{t("history.empty")}</Text>}
      {data.versions.map((version, n) => (
        <Version
          key={version.version}
          of={entry}
          version={version}
          current={n === 0}
          opened={shown === version.version}
          onToggle={() => setShown(shown === version.version ? null : version.version)}
          onRestore={
            n === 0 || onRestore === null
              ? null
              : (text) => {
                  onRestore(text);
                  onClose();
                }
          }
        />
      ))}
    </Stack>
  );
}

interface VersionProps {
  of: EntryView;
  version: NotesVersion;
  current: boolean;
  opened: boolean;
  onToggle: () => void;
  onRestore: ((text: string) => void) | null;
}

function Version({ of, version, current, opened, onToggle, onRestore }: VersionProps) {
  const { t } = useWords();
  const zone = useSite(usePatient(of.patient).data?.site)?.time_zone;
  const name = usePersonName(version.saved_by ?? "") ?? "…";
  return (
    <div>
      <NavLink
        component="button"
        type="button"
        aria-expanded={opened}
        active={opened}
        onClick={onToggle}
        rightSection={
          <IconChevronDown size={16} stroke={1.6} className={classes.chevron} data-open={opened || undefined} />
        }
        label={
          <Group gap={8} component="span">
            {version.saved_at !== null && formatInstant(version.saved_at, zone)}
            {current && (
              <Badge size="sm" variant="light" component="span">
                {t("history.current")}
              </Badge>
            )}
          </Group>
        }
        description={<bdi>{name}</bdi>}
      />
      {opened && <Contents of={of} version={version.version} onRestore={onRestore} />}
    </div>
  );
}

function Contents({ of, version, onRestore }: Pick<VersionProps, "of" | "onRestore"> & { version: number }) {
  const { t } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["notes", "version", of.id, version],
    queryFn: () => loadVersion({ patient: of.patient, entry: of.id }, version),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (data === undefined) {
    return error === null ? <Skeleton h={60} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <Stack gap="xs" p="sm">
      {data.text === "" ? (
        <Text c="dimmed">{t("history.blank")}</Text>
      ) : (
        <Text className={classes.text}>{data.text}</Text>
      )}
      {onRestore !== null && (
        <>
          <Text size="xs" c="dimmed">
            {t("history.restoreAbout")}
          </Text>
          <Group>
            <Button size="xs" variant="light" onClick={() => onRestore(data.text)}>
              {t("history.restore")}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
