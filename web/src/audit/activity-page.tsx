import { Anchor, Button, Group, SegmentedControl, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { TrailRecord } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { NotFound } from "../frame/error-pages";
import { usePatient } from "../patients/patient";
import { readsActivity, readsTrail } from "../session/may";
import { useSession, useSite } from "../session/session";
import { formatFullDate, formatTime } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { WhenSeen } from "../ui/when-seen";
import classes from "./activity.module.css";
import { byDay } from "./days";
import { ACTIONS, eventInWords, reasonInWords, rolesInWords } from "./events";
import { EmergencyMark, Outcome, Who } from "./marks";
import { type TrailQuery, useTrail } from "./trail";
import { useWords } from "./words";

const PAGE = 50;
const ALL = "all";

/** What was done with a patient's record, for those who treat the patient and those who oversee it (AUD-4). */
export function ActivityPage() {
  const { patient: id = "" } = useParams();
  const session = useSession();
  const patient = usePatient(id).data;
  const home = useSite(patient?.site);
  if (patient === undefined) return null;
  return readsActivity(session, home) ? <Activity patient={id} /> : <NotFound />;
}

function Activity({ patient }: { patient: string }) {
  const { t } = useWords();
  usePageTitle(t("activity.title"));
  const [action, setAction] = useState<string>(ALL);
  const query = { patient, ...(action !== ALL && { action }) } as TrailQuery;
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useTrail(query, PAGE);
  const records = data?.pages.flatMap((page) => page.records);
  const choices = [
    { value: ALL, label: t("activity.all") },
    ...ACTIONS.map((value) => ({ value, label: t(`actions.${value}`) })),
  ];
  return (
    <Page narrow>
      <Group justify="space-between" align="baseline" mb={4}>
        <Title order={1}>{t("activity.title")}</Title>
        {readsTrail(useSession()) && (
          <Anchor component={Link} to={`/audit?patient=${patient}`} size="sm">
            {t("activity.whole")}
          </Anchor>
        )}
      </Group>
      <Text c="dimmed" mb="md">
        {t("activity.about")}
      </Text>
      <SegmentedControl
        visibleFrom="sm"
        aria-label={t("activity.filter")}
        data={choices}
        value={action}
        onChange={setAction}
        mb="md"
      />
      <Select
        hiddenFrom="sm"
        aria-label={t("activity.filter")}
        data={choices}
        value={action}
        onChange={(chosen) => setAction(chosen ?? ALL)}
        allowDeselect={false}
        mb="md"
      />
      {records === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {records === undefined && error === null && <Skeleton h={320} />}
      <Text role="status" c="dimmed" ta="center" py={records?.length === 0 ? "xl" : 0}>
        {records?.length === 0 && t("activity.none")}
      </Text>
      {records !== undefined && <Days records={records} />}
      {records !== undefined && <ProblemAlert error={error} />}
      {hasNextPage && (
        <WhenSeen key={records?.length} onSeen={() => error === null && void fetchNextPage()}>
          <Group justify="center" mt="md">
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("activity.more")}
            </Button>
          </Group>
        </WhenSeen>
      )}
    </Page>
  );
}

function Days({ records }: { records: readonly TrailRecord[] }) {
  return (
    <Stack gap="lg">
      {byDay(records).map(({ day, records: its }) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <Title order={2} id={`day-${day}`} className={classes.day}>
            {formatFullDate(day)}
          </Title>
          <ol className={classes.list}>
            {its.map((record) => (
              <Happened key={record.position} record={record} />
            ))}
          </ol>
        </section>
      ))}
    </Stack>
  );
}

function Happened({ record }: { record: TrailRecord }) {
  const { t } = useWords();
  const reason = reasonInWords(record);
  return (
    <li className={classes.item} data-outcome={record.outcome}>
      <time dateTime={record.at} className={classes.time}>
        {formatTime(record.at)}
      </time>
      <div className={classes.what}>
        <Group gap="xs">
          <Text fw={550}>{eventInWords(record.event)}</Text>
          {record.opening != null && <EmergencyMark />}
          {record.outcome !== "success" && <Outcome outcome={record.outcome} />}
        </Group>
        {reason !== null && <Text size="sm">{reason}</Text>}
        <Text size="sm" c="dimmed">
          <Who record={record} />
          {record.roles != null && record.roles.length > 0 && ` · ${rolesInWords(record.roles, t)}`}
        </Text>
      </div>
    </li>
  );
}
