import { Anchor, Badge, Box, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { OpeningView } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { useSession, useSite } from "../session/session";
import { formatInstant, formatTime } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import classes from "../ui/list.module.css";
import { Section } from "../ui/section";
import { endOpening, useOpenings } from "./openings";

/** Which patients one opened, why, and for how long. */
export function OpeningList() {
  const { t } = useTranslation();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useOpenings();
  const openings = data?.pages.flatMap((page) => page.openings);
  return (
    <Section title={t("emergency.list")}>
      {openings === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {openings === undefined && error === null && <Skeleton h={120} />}
      {openings?.length === 0 && <Text c="dimmed">{t("emergency.none")}</Text>}
      {openings !== undefined && openings.length > 0 && (
        <ul className={classes.list}>
          {openings.map((opening) => (
            <Opening key={opening.id} opening={opening} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("emergency.more")}
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Opening({ opening }: { opening: OpeningView }) {
  const { t } = useTranslation();
  const site = useSite(opening.site);
  const inForce = new Date(opening.until) > new Date();
  return (
    <Box component="li" className={classes.item}>
      <Stack gap={2} miw={0}>
        <Group gap="xs">
          <PatientLink opening={opening} inForce={inForce} />
          {inForce && (
            <Badge color="red" variant="light" tt="none" radius="sm">
              {t("emergency.inForce", { when: formatTime(opening.until) })}
            </Badge>
          )}
        </Group>
        <Text style={{ overflowWrap: "anywhere" }}>
          <bdi>{opening.reason}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {[
            site?.name,
            formatInstant(opening.opened_at, undefined),
            opening.ended_by !== null && t("emergency.ended", { when: formatTime(opening.until) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </Stack>
      {inForce && (
        <Confirm
          size="xs"
          label={t("emergency.end")}
          title={t("emergency.endTitle")}
          effect={t("emergency.endEffect")}
          act={() => endOpening(opening)}
        />
      )}
    </Box>
  );
}

/** Which patient; the record is opened only by who wants to see it. */
function PatientLink({ opening, inForce }: { opening: OpeningView; inForce: boolean }) {
  const { sites } = useSession();
  const may = inForce || sites.some(({ site }) => site === opening.site);
  if (!may) return <Text ff="monospace">{opening.unique_id}</Text>;
  return (
    <Anchor component={Link} to={`/patients/${opening.patient}/pool`} ff="monospace" fw={550}>
      {opening.unique_id}
    </Anchor>
  );
}
