import { Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { NotFound } from "../frame/error-pages";
import { administersSite } from "../session/may";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import classes from "../ui/list.module.css";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tellProblem } from "../ui/tell";
import { useRefocus } from "../ui/use-refocus";
import { Alert } from "./alert";
import { acknowledge, useAlerts } from "./alerts";
import { useEnds } from "./use-ends";

/** Who opened patients of one's sites in an emergency; nobody's page but the sites' administrators' (ORG-8). */
export function AlertsPage() {
  return administersSite(useSession()) ? <Alerts /> : <NotFound />;
}

function Alerts() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.alerts"));
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useAlerts();
  const alerts = data?.pages.flatMap((page) => page.alerts);
  const waiting = alerts?.filter((alert) => alert.acknowledged_at === null).map(({ id }) => id) ?? [];
  const now = useEnds(alerts?.map(({ until }) => until) ?? []);
  const settled = alerts
    ?.flatMap(({ acknowledged_at, ended_by }) => [acknowledged_at, ended_by])
    .filter(Boolean).length;
  const heading = useRefocus<HTMLHeadingElement>(settled);
  return (
    <Page narrow>
      <Title order={1} mb={4} ref={heading} tabIndex={-1}>
        {t("alerts.title")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("alerts.about")}
      </Text>
      {alerts === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {alerts === undefined && error === null && <Skeleton h={320} />}
      {alerts?.length === 0 && <Text c="dimmed">{t("alerts.none")}</Text>}
      {waiting.length > 1 && <AcknowledgeAll openings={waiting} />}
      {alerts !== undefined && alerts.length > 0 && (
        <ul className={classes.list} aria-label={t("alerts.title")}>
          {alerts.map((alert) => (
            <Alert key={alert.id} alert={alert} inForce={new Date(alert.until) > now} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("emergency.more")}
          </Button>
        </Group>
      )}
    </Page>
  );
}

/** What the server takes. */
const AT_ONCE = 100;

function AcknowledgeAll({ openings }: { openings: string[] }) {
  const { t } = useTranslation();
  const all = useMutation({ mutationFn: () => acknowledge(openings.slice(0, AT_ONCE)), onError: tellProblem });
  return (
    <Group justify="flex-end" mb="sm">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconChecks size={16} />}
        loading={all.isPending}
        onClick={() => all.mutate()}
      >
        {t("alerts.acknowledgeAll", { count: Math.min(AT_ONCE, openings.length) })}
      </Button>
    </Group>
  );
}
