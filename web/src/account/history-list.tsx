import { Anchor, Box, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { strongest } from "../administration/roles";
import type { HistoryRecord, Role } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { usePersonName } from "../properties/person";
import { seesPatients } from "../session/may";
import { useSession } from "../session/session";
import { formatAgo, formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import list from "../ui/list.module.css";
import { Section } from "../ui/section";
import { WhenSeen } from "../ui/when-seen";
import { PASSWORD, SESSIONS, TOKENS } from "./anchors";
import { browserName } from "./browser";
import { lookAgain, outcomeOf, reasonOf, titleOf, useHistory } from "./history";
import classes from "./history-list.module.css";
import { useWords } from "./words";

/** What happened to one's own account, to notice what one did not do oneself (AUD-4). */
export function HistoryList() {
  const { t } = useWords();
  const [seen, setSeen] = useState(false);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useHistory(seen);
  const records = data?.pages.flatMap((page) => page.records);
  const rows = useFocusOnMore(data?.pages.map((page) => page.records.length) ?? []);
  return (
    <Section title={t("history.title")} about={t("history.about")}>
      <Group justify="space-between" align="start" gap="xs">
        <Text size="sm" flex="1 1 300px">
          {t("history.unfamiliar")} <Anchor href={`#${PASSWORD}`}>{t("password.submit")}</Anchor>
          {" · "}
          <Anchor href={`#${SESSIONS}`}>{t("sessions.endAll")}</Anchor>
          {" · "}
          <Anchor href={`#${TOKENS}`}>{t("history.revokeTokens")}</Anchor>
        </Text>
        <Button variant="default" size="xs" leftSection={<IconRefresh size={14} />} onClick={() => void lookAgain()}>
          {t("history.again")}
        </Button>
      </Group>
      {records === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {records === undefined && error === null && (
        <WhenSeen onSeen={() => setSeen(true)}>
          <Skeleton h={240} />
        </WhenSeen>
      )}
      {records?.length === 0 && <Text c="dimmed">{t("history.none")}</Text>}
      {records !== undefined && records.length > 0 && (
        <ul className={list.list} ref={rows} aria-label={t("history.title")}>
          {records.map((record) => (
            <Row key={record.position} record={record} />
          ))}
        </ul>
      )}
      {records !== undefined && <ProblemAlert error={error} />}
      {hasNextPage && (
        <Group>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("history.more")}
          </Button>
        </Group>
      )}
    </Section>
  );
}

/** Gives the focus to the first of the records that came when more was asked for: the button may be gone. */
function useFocusOnMore(pages: readonly number[]) {
  const rows = useRef<HTMLUListElement>(null);
  const before = useRef(pages.length);
  const first = pages.slice(0, -1).reduce((sum, length) => sum + length, 0);
  useEffect(() => {
    const row = rows.current?.children[first];
    if (before.current > 0 && pages.length > before.current && row instanceof HTMLElement) row.focus();
    before.current = pages.length;
  }, [pages.length, first]);
  return rows;
}

const LOOKS = {
  done: { icon: IconCircleCheck, color: "teal" },
  goesOn: { icon: IconCircleDashed, color: "dimmed" },
  refused: { icon: IconCircleX, color: "red" },
} as const;

function Row({ record }: { record: HistoryRecord }) {
  const { t } = useWords();
  const outcome = outcomeOf(record);
  const { icon: Icon, color } = LOOKS[outcome];
  const reason = reasonOf(record);
  return (
    <Box component="li" className={list.item} tabIndex={-1}>
      <Group gap="sm" wrap="nowrap" align="start">
        <Text c={color} className={classes.icon}>
          <Icon size={18} stroke={1.8} role="img" aria-label={t(`history.outcomes.${outcome}`)} />
        </Text>
        <Stack gap={2} miw={0}>
          <Text fw={550}>{titleOf(record, t)}</Text>
          {reason !== null && <Text size="sm">{reason}</Text>}
          {record.roles !== null && <Roles site={record.site} roles={record.roles} />}
          <Where record={record} />
        </Stack>
      </Group>
      <Text size="sm" component="time" dateTime={record.at} className={classes.when}>
        {formatAgo(record.at)}
        <Text span size="sm" c="dimmed">
          {formatInstant(record.at, undefined)}
        </Text>
      </Text>
    </Box>
  );
}

function Roles({ site, roles }: { site: string | null; roles: readonly Role[] }) {
  const { t } = useWords();
  const shown: readonly (Role | "none")[] = site === null ? roles : [strongest(roles) ?? "none"];
  const held = useSession().sites.find((own) => own.site === site);
  const where = site === null ? t("translation:roles.everywhere") : (held?.name ?? t("tokens.otherSite"));
  return (
    <Text size="sm">
      {shown.map((role) => t(`translation:roles.names.${role}`)).join(", ") || t("translation:roles.names.none")}
      {" · "}
      <bdi>{where}</bdi>
    </Text>
  );
}

function Where({ record: { by, administrator, address, user_agent } }: { record: HistoryRecord }) {
  const { t } = useWords();
  const knowsColleagues = seesPatients(useSession());
  if (administrator !== null && knowsColleagues) return <ByAdministrator user={administrator} />;
  const who = {
    oneself: null,
    administrator: t("history.byAdministrator"),
    system: t("history.bySystem"),
  };
  const said = [who[by], browserName(user_agent), address].filter((fact) => fact !== null);
  return (
    <Text size="sm" c="dimmed" className={classes.where}>
      <bdi>{said.join(" · ")}</bdi>
    </Text>
  );
}

function ByAdministrator({ user }: { user: string }) {
  const { t } = useWords();
  const name = usePersonName(user);
  return (
    <Text size="sm" c="dimmed">
      {name === undefined ? t("history.byAdministrator") : t("history.byNamed", { name })}
    </Text>
  );
}
