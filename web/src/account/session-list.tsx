import { Badge, Box, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Confirm } from "../forms/confirm";
import { signOutEverywhere } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import classes from "../ui/list.module.css";
import { Section } from "../ui/section";
import { tellProblem } from "../ui/tell";
import { SESSIONS } from "./anchors";
import { browserName } from "./browser";
import { endSession, forgetDevice, useAccountSessions } from "./sessions";
import { useWords } from "./words";

/** Where one is signed in, to be ended one by one or all at once (ORG-5). */
export function SessionList() {
  const { t } = useWords();
  const { data, error, refetch } = useAccountSessions();
  const count = data === undefined ? undefined : data.sessions.length + data.devices.length;
  const end = useMutation({ mutationFn: endSession, onError: tellProblem });
  const forget = useMutation({ mutationFn: forgetDevice, onError: tellProblem });
  return (
    <Section id={SESSIONS} title={t("sessions.title")} about={t("sessions.about")} changing={count}>
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={120} />}
      {data !== undefined && (
        <ul className={classes.list}>
          {data.sessions.map((session) => (
            <Browser
              key={session.id}
              browser={session}
              facts={[
                t("sessions.since", { when: formatInstant(session.opened_at, undefined) }),
                t("sessions.seen", { when: formatInstant(session.last_seen_at, undefined) }),
              ]}
            >
              {!session.this && (
                <Button variant="default" size="xs" onClick={() => end.mutate(session.id)}>
                  {t("sessions.end")}
                </Button>
              )}
            </Browser>
          ))}
        </ul>
      )}
      {data !== undefined && data.devices.length > 0 && (
        <Stack gap="xs">
          <Title order={3}>{t("devices.title")}</Title>
          <Text size="sm" c="dimmed">
            {t("devices.about")}
          </Text>
          <ul className={classes.list}>
            {data.devices.map((device) => (
              <Browser
                key={device.id}
                browser={device}
                facts={[t("devices.until", { when: formatInstant(device.expires_at, undefined) })]}
              >
                <Button variant="default" size="xs" onClick={() => forget.mutate(device.id)}>
                  {t("devices.forget")}
                </Button>
              </Browser>
            ))}
          </ul>
        </Stack>
      )}
      <Group>
        <Confirm
          label={t("sessions.endAll")}
          title={t("sessions.endAllTitle")}
          effect={t("sessions.endAllEffect")}
          act={signOutEverywhere}
        />
      </Group>
    </Section>
  );
}

interface BrowserProps {
  browser: { this: boolean; address: string | null; user_agent: string | null };
  facts: readonly string[];
  children: ReactNode;
}

function Browser({ browser, facts, children }: BrowserProps) {
  const { t } = useWords();
  return (
    <Box component="li" className={classes.item}>
      <Stack gap={2} miw={0}>
        <Group gap="xs">
          <Text fw={550} style={{ overflowWrap: "anywhere" }}>
            <bdi>{browserName(browser.user_agent) ?? t("sessions.unknown")}</bdi>
          </Text>
          {browser.this && (
            <Badge color="teal" variant="light" tt="none" fw={550} radius="sm" miw="max-content">
              {t("sessions.this")}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {[browser.address, ...facts].filter((fact) => fact !== null).join(" · ")}
        </Text>
      </Stack>
      {children}
    </Box>
  );
}
