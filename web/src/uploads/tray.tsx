import { ActionIcon, Button, Group, Progress, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import {
  type FocusEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";
import { useBatchNotifications } from "./batch-notification";
import { useAnnouncement, useHeading } from "./heading";
import { inNumbers, shareDone } from "./numbers";
import classes from "./tray.module.css";
import { TrayList } from "./tray-list";
import { isUnsent, type Upload } from "./upload";
import { uploads, useAllUploads, useObstacle } from "./uploads";

const PUT_AWAY_MS = 6_000;
const PAGE = "main";
const PHONE = "(max-width: 48em)";

interface UploadTrayProps {
  /** Whose files these are, for people: the tray is seen on other patients' pages too. */
  patientLabel?: (patient: string) => ReactNode;
}

/** What becomes of the files that were added, on every page; nothing while there are none. Tells the end of each batch. */
export function UploadTray({ patientLabel }: UploadTrayProps) {
  const [open, setOpen] = useState(() => !matchMedia(PHONE).matches);
  const all = useAllUploads();
  useBatchNotifications({ patientLabel, onShowAll: () => setOpen(true) });
  const announcement = useAnnouncement(all);
  return (
    <>
      <div className={classes.announcement} aria-live="polite">
        {announcement}
      </div>
      {all.length > 0 && <Tray all={all} open={open} onToggle={() => setOpen(!open)} patientLabel={patientLabel} />}
    </>
  );
}

interface TrayProps {
  all: readonly Upload[];
  open: boolean;
  onToggle: () => void;
  patientLabel: UploadTrayProps["patientLabel"];
}

function Tray({ all, open, onToggle, patientLabel }: TrayProps) {
  const { t } = useTranslation();
  const list = useId();
  const header = useRef<HTMLButtonElement>(null);
  const tray = useRef<HTMLElement>(null);
  const focusHeader = useCallback(() => header.current?.focus(), []);
  useFocusBack(tray);
  const attention = usePutAway(all);
  const heading = useHeading(all);
  const Chevron = open ? IconChevronDown : IconChevronUp;
  return (
    <section ref={tray} className={classes.tray} aria-label={t("uploads.tray.label")} {...attention}>
      <Group gap={4} wrap="nowrap" className={classes.header}>
        <UnstyledButton
          ref={header}
          className={classes.toggle}
          aria-expanded={open}
          aria-controls={list}
          onClick={onToggle}
        >
          <Chevron size={18} stroke={1.7} aria-hidden />
          <span>{heading}</span>
        </UnstyledButton>
        <PauseButton all={all} />
      </Group>
      <Overall />
      <div id={list} hidden={!open}>
        {open && <TrayList all={all} patientLabel={patientLabel} onActed={focusHeader} />}
        {open && <Actions all={all} onDone={focusHeader} />}
      </div>
    </section>
  );
}

function PauseButton({ all }: { all: readonly Upload[] }) {
  const { t } = useTranslation();
  const paused = useObstacle() === "paused";
  if (!paused && !all.some(isUnsent)) return null;
  const label = t(paused ? "uploads.tray.resume" : "uploads.tray.pause");
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={label}
        onClick={() => (paused ? uploads.resume() : uploads.pause())}
      >
        <Icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The progress of all that is under way. */
function Overall() {
  const { t } = useTranslation();
  const percent = useSyncExternalStore(uploads.watch, () => Math.floor(100 * shareDone(uploads.now())));
  if (percent === 100) return null;
  return <Progress value={percent} size={3} radius={0} aria-label={t("uploads.tray.progress")} />;
}

function Actions({ all, onDone }: { all: readonly Upload[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { added, skipped, failed } = inNumbers(all);
  const then = (act: () => void) => () => {
    act();
    onDone();
  };
  if (added + skipped === 0 && failed < 2) return null;
  return (
    <Group gap="xs" className={classes.actions}>
      {failed > 1 && (
        <Button size="compact-sm" variant="default" onClick={then(() => uploads.retryFailed())}>
          {t("uploads.tray.retryFailed")}
        </Button>
      )}
      {added + skipped > 0 && (
        <Button size="compact-sm" variant="default" onClick={then(() => uploads.clearFinished())}>
          {t("uploads.tray.clear")}
        </Button>
      )}
    </Group>
  );
}

/** Gives the focus to the page when the tray goes away under it. */
function useFocusBack(tray: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const shown = tray.current;
    return () => {
      if (shown?.contains(document.activeElement)) document.getElementById(PAGE)?.focus();
    };
  }, [tray]);
}

/** Clears the list a moment after all went well, unless somebody is at it. Returns what tells whether somebody is. */
function usePutAway(all: readonly Upload[]) {
  const [attended, setAttended] = useState(false);
  const well = all.every(({ state }) => state === "added");
  useEffect(() => {
    if (!well || attended) return;
    const timer = setTimeout(() => uploads.clearFinished(), PUT_AWAY_MS);
    return () => clearTimeout(timer);
  }, [well, attended]);
  return {
    onMouseEnter: () => setAttended(true),
    onMouseLeave: () => setAttended(false),
    onFocus: () => setAttended(true),
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => setAttended(currentTarget.contains(relatedTarget)),
  };
}
