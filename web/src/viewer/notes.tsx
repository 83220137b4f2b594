import { Button, Loader } from "@mantine/core";
import { IconAlertTriangle, IconPhotoOff, IconRefresh } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveState } from "../live/live";
import classes from "./notes.module.css";
import { Panel } from "./panel";

const LATE_MS = 300;

/** A word for what takes long enough to be noticed. */
export function LoadNote({ original }: { original: boolean }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" className={classes.place}>
      {late && (
        <span className={classes.note}>
          <Loader size={14} color="currentColor" />
          {t(original ? "viewer.loadingOriginal" : "viewer.loading")}
        </span>
      )}
    </div>
  );
}

/** What could not be loaded, and a way to try again; by itself when the connection is back.
 * @param nothing whether no version at all can be shown
 */
export function LoadFailure({ nothing, onRetry }: { nothing: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  const connected = useConnectedAgain(onRetry);
  if (nothing) {
    const about = t(connected ? "viewer.notLoaded.about" : "problems.unreachable");
    return (
      <Panel icon={IconPhotoOff} title={t("viewer.notLoaded.title")} about={about} alarming>
        <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
          {t("viewer.retry")}
        </Button>
      </Panel>
    );
  }
  return (
    <div role="alert" className={classes.place}>
      <span className={classes.note}>
        <IconAlertTriangle size={16} stroke={1.7} />
        {t("viewer.partly")}
        <Button size="compact-sm" variant="white" color="dark" onClick={onRetry}>
          {t("viewer.retry")}
        </Button>
      </span>
    </div>
  );
}

/** Whether events arrive; `again` is called when they do after they did not. */
function useConnectedAgain(again: () => void): boolean {
  const connected = useLiveState() === "live";
  const lost = useRef(false);
  const told = useEffectEvent(again);
  useEffect(() => {
    if (connected && lost.current) told();
    lost.current = !connected;
  }, [connected]);
  return connected;
}
