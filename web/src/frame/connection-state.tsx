import { Group, Text, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveState } from "../live/live";
import classes from "./connection-state.module.css";

const GRACE_MS = 2000;

/** Whether changes of others arrive. A short interruption is caught up on and not worth a word. */
export function ConnectionState() {
  const { t } = useTranslation();
  const connected = useLiveState() === "live";
  const [noticed, setNoticed] = useState(false);
  useEffect(() => {
    if (connected) return setNoticed(false);
    const timer = setTimeout(() => setNoticed(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [connected]);
  const text = t(noticed ? "frame.connection.lost" : "frame.connection.live");
  return (
    <Tooltip label={t(noticed ? "frame.connection.lostAbout" : "frame.connection.liveAbout")} multiline maw={280}>
      <Group gap={7} wrap="nowrap" role="status" aria-label={text} data-connection={noticed ? "lost" : "live"}>
        <span className={classes.dot} data-lost={noticed || undefined} />
        <Text size="sm" c="dimmed" visibleFrom="md">
          {text}
        </Text>
      </Group>
    </Tooltip>
  );
}
