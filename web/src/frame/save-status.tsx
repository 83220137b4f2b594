import { Group, Loader, Text, Tooltip } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { IconCloudCheck, IconCloudOff, IconCloudPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useUnsaved } from "../saving/unsaved";
import { useUploadSummary } from "../uploads/uploads";

/** Whether all that was done here is kept by the server, in an icon and words (ENT-3): what is typed, and uploads. */
export function SaveStatus() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  const { sending, paused } = useUploadSummary();
  const { changes, away } = useUnsaved();
  const offline = !online || away;
  const pending = sending + changes;
  const text = offline
    ? t("frame.save.offline", { count: pending })
    : changes > 0
      ? t("frame.save.saving")
      : sending === 0
        ? t("frame.save.saved")
        : t(paused ? "frame.save.paused" : "frame.save.uploading", { count: sending });
  return (
    <Tooltip
      label={t(pending === 0 && !offline ? "frame.save.savedAbout" : "frame.save.pendingAbout")}
      multiline
      maw={280}
    >
      <Group gap={6} wrap="nowrap" role="status" aria-label={text} c="dimmed">
        <Icon offline={offline} busy={pending > 0} paused={paused && changes === 0} />
        <Text size="sm" visibleFrom="sm" style={{ whiteSpace: "nowrap" }}>
          {text}
        </Text>
      </Group>
    </Tooltip>
  );
}

function Icon({ offline, busy, paused }: { offline: boolean; busy: boolean; paused: boolean }) {
  if (offline) return <IconCloudOff size={18} stroke={1.6} />;
  if (!busy) return <IconCloudCheck size={18} stroke={1.6} />;
  return paused ? <IconCloudPause size={18} stroke={1.6} /> : <Loader size={14} color="gray" />;
}
