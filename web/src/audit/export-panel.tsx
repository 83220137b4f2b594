import { Alert, Button, Group, Loader, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { ProblemAlert } from "../forms/problem-alert";
import { formatBytes } from "../ui/bytes";
import { CutOff, FORMATS, type Format } from "./export";
import type { Filters } from "./filters";
import { Panel } from "./panel";
import { type ExportState, useExport } from "./use-export";
import { useWords } from "./words";

/** The way to a file of what the filters let through; says meanwhile that one is on its way. */
export function Export({ filters }: { filters: Filters }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const [format, setFormat] = useState<Format>("csv");
  const { state, start, cancel } = useExport();
  const running = state.step === "running";
  return (
    <>
      <Button
        variant="default"
        leftSection={running ? <Loader size={15} color="gray" /> : <IconDownload size={17} stroke={1.6} />}
        onClick={() => setOpened(true)}
      >
        {t(running ? "export.running" : "export.open")}
      </Button>
      <Panel opened={opened} title={t("export.title")} closeLabel={t("export.close")} onClose={() => setOpened(false)}>
        <Stack gap="md">
          <Text>{t("export.about")}</Text>
          {Object.keys(filters).length === 0 && <Text>{t("export.whole")}</Text>}
          <Stack gap={6}>
            <SegmentedControl
              aria-label={t("export.format")}
              data={FORMATS.map((one) => ({ value: one, label: t(`export.names.${one}`) }))}
              value={format}
              onChange={setFormat}
              disabled={running}
            />
            <Text size="sm" c="dimmed">
              {t(`export.formats.${format}`)}
            </Text>
          </Stack>
          <Ending state={state} />
          <Group>
            {running ? (
              <Button variant="default" onClick={cancel}>
                {t("export.cancel")}
              </Button>
            ) : (
              <Button onClick={() => void start(format, filters)}>{t("export.start")}</Button>
            )}
          </Group>
        </Stack>
      </Panel>
    </>
  );
}

/** How far it has come, or how it ended. */
function Ending({ state }: { state: ExportState }) {
  const { t, i18n } = useWords();
  if (state.step === "idle") return null;
  if (state.step === "cancelled") return <Text role="status">{t("export.cancelled")}</Text>;
  if (state.step === "running") {
    const { records, bytes } = state.progress;
    return (
      <div>
        <Group gap="sm">
          <Loader size="sm" />
          <Text fw={550}>{t("export.soFar", { count: records, bytes: formatBytes(bytes, i18n.language) })}</Text>
        </Group>
        <Text size="sm" c="dimmed" mt={4}>
          {t("export.leave")}
        </Text>
      </div>
    );
  }
  if (state.step === "done") {
    const { records, bytes, name } = state.exported;
    return (
      <Alert role="status" color="teal" variant="light" title={t("export.done", { count: records })}>
        <Text c="var(--mantine-color-text)">
          {t("export.saved", { name, bytes: formatBytes(bytes, i18n.language) })}
        </Text>
      </Alert>
    );
  }
  if (!(state.error instanceof CutOff)) return <ProblemAlert error={state.error} />;
  return (
    <Alert role="alert" color="red" variant="light" title={t("export.cut")}>
      <Text c="var(--mantine-color-text)">{t("export.cutAbout")}</Text>
    </Alert>
  );
}
