import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { ProblemAlert } from "../forms/problem-alert";
import { Panel } from "./panel";
import { formatElapsed } from "./times";
import { useVerification } from "./use-verification";
import { VerdictView } from "./verdict";
import { useWords } from "./words";

const SECOND_MS = 1000;

/** The way to a verification; says meanwhile how the last one went. */
export function Verification() {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const { start, since, error, verdict } = useVerification();
  const broken = verdict !== undefined && !verdict.view.intact;
  const Icon = broken ? IconShieldX : IconShieldCheck;
  return (
    <>
      <Button
        variant={broken ? "light" : "default"}
        color={broken ? "red" : "teal"}
        leftSection={since === null ? <Icon size={17} stroke={1.6} /> : <Loader size={15} color="gray" />}
        onClick={() => setOpened(true)}
      >
        {since !== null
          ? t("verify.short.running")
          : verdict === undefined
            ? t("verify.open")
            : t(broken ? "verify.short.broken" : "verify.short.intact")}
      </Button>
      <Panel opened={opened} title={t("verify.title")} closeLabel={t("verify.close")} onClose={() => setOpened(false)}>
        <Stack gap="md">
          <Text>{t("verify.about")}</Text>
          <Text c="dimmed" size="sm">
            {t("verify.limits")}
          </Text>
          {since !== null && <Running since={since} />}
          {since === null && <ProblemAlert error={error} />}
          {since === null && verdict !== undefined && <VerdictView verdict={verdict} />}
          <Group>
            <Button onClick={start} disabled={since !== null} variant={verdict === undefined ? "filled" : "default"}>
              {t(verdict === undefined ? "verify.start" : "verify.again")}
            </Button>
          </Group>
        </Stack>
      </Panel>
    </>
  );
}

function Running({ since }: { since: number }) {
  const { t } = useWords();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Stack gap={6}>
      <Group gap="sm" role="status">
        <Loader size="sm" />
        <Text fw={550}>{t("verify.running")}</Text>
      </Group>
      <Text size="sm" c="dimmed">
        {t("verify.elapsed", { time: formatElapsed(now - since) })}
      </Text>
      <Text size="sm">{t("verify.runningAbout")}</Text>
    </Stack>
  );
}
