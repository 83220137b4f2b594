import { FocusTrap, Portal } from "@mantine/core";
import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./dialog.module.css";

interface ViewerDialogProps {
  /** Told of keys, unless they are for something that lies over the viewer. */
  onKey: (event: KeyboardEvent) => void;
  /** Whether the pointer is hidden, too. */
  quiet: boolean;
  children: ReactNode;
}

/** The whole screen, for one photograph. The focus stays inside. */
export function ViewerDialog({ onKey, quiet, children }: ViewerDialogProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDivElement>(null);
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    const node = dialog.current;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost) node?.focus();
    if (!event.defaultPrevented && (lost || node?.contains(event.target as Node))) onKey(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => pressed(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <Portal>
      <FocusTrap innerRef={dialog}>
        <div
          role="dialog"
          aria-modal
          aria-label={t("viewer.label")}
          tabIndex={-1}
          className={classes.dialog}
          data-viewer
          data-quiet={quiet || undefined}
        >
          <FocusTrap.InitialFocus />
          {children}
        </div>
      </FocusTrap>
    </Portal>
  );
}
