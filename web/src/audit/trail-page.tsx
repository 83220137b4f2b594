import { ActionIcon, Box, Button, Group, Select, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconFilter, IconRefresh } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { PhonePlaces } from "../administration/phone-places";
import type { TrailRecord } from "../api/schema";
import { NotFound } from "../frame/error-pages";
import { managesSomething, readsTrail, readsWholeTrail } from "../session/may";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { usePageTitle } from "../ui/page-title";
import { Chips } from "./chips";
import { CUSTOM, events, outcomes, periods } from "./choices";
import { Export } from "./export-panel";
import { FilterDrawer } from "./filter-drawer";
import { addressOf, type Filters, queryOf } from "./filters";
import classes from "./page.module.css";
import { RecordDrawer } from "./record-drawer";
import { TableSkeleton, TrailTable } from "./table";
import { timeZone } from "./times";
import { lookAgain, useTrail } from "./trail";
import { useFilters } from "./use-filters";
import { Verification } from "./verification";
import { useWords } from "./words";

/** The audit trail, for those who may read it (AUD-4); to everybody else it does not exist. */
export function TrailPage() {
  return readsTrail(useSession()) ? <Trail /> : <NotFound />;
}

function Trail() {
  const { t } = useWords();
  usePageTitle(t("title"));
  const session = useSession();
  const { filters, replace, change } = useFilters();
  const [choosing, setChoosing] = useState(false);
  const [shown, setShown] = useState<TrailRecord | null>(null);
  return (
    <div className={classes.page}>
      {managesSomething(session) && <PhonePlaces />}
      <div className={classes.head}>
        <Group justify="space-between" align="start" gap="sm">
          <Box>
            <Title order={1} className={classes.title}>
              {t("title")}
            </Title>
            <Text c="dimmed" className={classes.about}>
              {t("about")}
            </Text>
          </Box>
          <Group gap="xs">
            {readsWholeTrail(session) && <Verification />}
            <Export filters={filters} />
            <Tooltip label={t("refresh")}>
              <ActionIcon variant="default" size={36} aria-label={t("refresh")} onClick={() => void lookAgain()}>
                <IconRefresh size={17} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <Toolbar filters={filters} onChange={change} onMore={() => setChoosing(true)} />
        <Chips filters={filters} onChange={change} onClear={() => replace({})} />
      </div>
      <Records filters={filters} onOpen={setShown} onClear={() => replace({})} />
      <FilterDrawer opened={choosing} filters={filters} onApply={replace} onClose={() => setChoosing(false)} />
      <RecordDrawer record={shown} onClose={() => setShown(null)} onFilter={replace} />
    </div>
  );
}

interface ToolbarProps {
  filters: Filters;
  onChange: (changes: Filters) => void;
  onMore: () => void;
}

/** What is chosen most often, and the way to all of it. */
function Toolbar({ filters, onChange, onMore }: ToolbarProps) {
  const { t } = useWords();
  const custom = filters.since !== undefined || filters.until !== undefined;
  return (
    <Group gap="xs">
      <Select
        visibleFrom="sm"
        w={170}
        aria-label={t("filters.names.when")}
        placeholder={t("filters.presets.always")}
        data={periods(t)}
        value={custom ? CUSTOM : (filters.when ?? null)}
        onChange={(when) => (when === CUSTOM ? onMore() : onChange({ when: when ?? "", since: "", until: "" }))}
        clearable
        clearButtonProps={{ "aria-label": t("translation:ui.clear") }}
      />
      <Select
        visibleFrom="sm"
        w={280}
        aria-label={t("filters.names.event")}
        placeholder={t("filters.names.event")}
        data={events()}
        value={filters.event ?? null}
        onChange={(event) => onChange({ event: event ?? "" })}
        searchable
        nothingFoundMessage={t("translation:frame.commands.nothing")}
        clearable
        clearButtonProps={{ "aria-label": t("translation:ui.clear") }}
      />
      <Select
        visibleFrom="sm"
        w={150}
        aria-label={t("filters.names.outcome")}
        placeholder={t("filters.names.outcome")}
        data={outcomes(t)}
        value={filters.outcome ?? null}
        onChange={(outcome) => onChange({ outcome: outcome ?? "" })}
        clearable
        clearButtonProps={{ "aria-label": t("translation:ui.clear") }}
      />
      <Button variant="default" leftSection={<IconFilter size={16} stroke={1.6} />} onClick={onMore}>
        {t("filters.open")}
      </Button>
      <Text size="sm" c="dimmed">
        {t("times", { zone: timeZone() })}
      </Text>
    </Group>
  );
}

interface RecordsProps {
  filters: Filters;
  onOpen: (record: TrailRecord) => void;
  onClear: () => void;
}

function Records({ filters, onOpen, onClear }: RecordsProps) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useTrail(queryOf(filters));
  const records = useMemo(() => data?.pages.flatMap((page) => page.records), [data]);
  if (records === undefined) {
    return error === null ? <TableSkeleton /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  if (records.length === 0) return <Nothing filtered={Object.keys(filters).length > 0} onClear={onClear} />;
  return (
    <TrailTable
      key={addressOf(filters).toString()}
      records={records}
      hasMore={hasNextPage}
      loading={isFetchingNextPage}
      error={error}
      onMore={() => void fetchNextPage()}
      onOpen={onOpen}
    />
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useWords();
  return (
    <Stack align="center" gap="xs" py={80} px="md" ta="center">
      <Title order={2}>{filtered ? t("empty.title") : t("empty.nothing")}</Title>
      {filtered && (
        <>
          <Text c="dimmed">{t("empty.about")}</Text>
          <Button variant="default" mt="sm" onClick={onClear}>
            {t("empty.clear")}
          </Button>
        </>
      )}
    </Stack>
  );
}
