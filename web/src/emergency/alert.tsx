import { Anchor, Badge, Box, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { EmergencyAlert } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { shownName } from "../patients/person";
import { usePersonName } from "../properties/person";
import { useSession, useSite } from "../session/session";
import { formatInstant, formatTime } from "../ui/dates";
import classes from "../ui/list.module.css";
import { tellProblem } from "../ui/tell";
import { acknowledge, endAlert } from "./alerts";

/** One emergency access: whom it concerned, who took it and why, whether it goes on. */
export function Alert({ alert, inForce }: { alert: EmergencyAlert; inForce: boolean }) {
  const { t } = useTranslation();
  const person = usePersonName(alert.user);
  const site = useSite(alert.site);
  const acknowledging = useMutation({ mutationFn: () => acknowledge([alert.id]), onError: tellProblem });
  return (
    <Box component="li" className={classes.item}>
      <Stack gap={2} miw={0}>
        <Group gap="xs">
          <Anchor component={Link} to={`/patients/${alert.patient}/pool`} fw={550}>
            <bdi>{shownName(alert)}</bdi>
          </Anchor>
          <Text span size="sm" c="dimmed">
            <Text span inherit ff="monospace">
              {alert.unique_id}
            </Text>
            {site !== undefined && (
              <>
                {" · "}
                <bdi>{site.name}</bdi>
              </>
            )}
          </Text>
          {inForce && (
            <Badge color="red" variant="light" tt="none" radius="sm">
              {t("emergency.inForce", { when: formatTime(alert.until) })}
            </Badge>
          )}
        </Group>
        <Text size="sm">
          <bdi>{person ?? "…"}</bdi>
        </Text>
        <Text style={{ overflowWrap: "anywhere" }}>
          <bdi>{alert.reason}</bdi>
        </Text>
        <When alert={alert} inForce={inForce} />
      </Stack>
      <Group gap="xs">
        {alert.acknowledged_at === null && (
          <Button
            variant="light"
            size="xs"
            leftSection={<IconCheck size={15} />}
            loading={acknowledging.isPending}
            onClick={() => acknowledging.mutate()}
          >
            {t("alerts.acknowledge")}
          </Button>
        )}
        {inForce && (
          <Confirm
            size="xs"
            label={t("emergency.end")}
            title={t("emergency.endTitle")}
            effect={t("emergency.endEffect")}
            act={() => endAlert(alert.id)}
          />
        )}
      </Group>
    </Box>
  );
}

function When({ alert, inForce }: { alert: EmergencyAlert; inForce: boolean }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const ender = usePersonName(alert.ended_by ?? alert.user);
  const until = formatTime(alert.until);
  const name = alert.ended_by === user ? t("alerts.you") : (ender ?? "…");
  const said = [
    formatInstant(alert.opened_at, undefined),
    !inForce &&
      (alert.ended_by === null ? t("alerts.ended", { when: until }) : t("alerts.endedBy", { when: until, name })),
    alert.acknowledged_at !== null &&
      t("alerts.acknowledged", { when: formatInstant(alert.acknowledged_at, undefined) }),
  ];
  return (
    <Text size="sm" c="dimmed">
      {said.filter(Boolean).join(" · ")}
    </Text>
  );
}
