import { ActionIcon, Kbd, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./controls.module.css";

interface ControlProps {
  label: string;
  keys: string;
  /** Keeps the focus, so that it is never lost at the last photograph. */
  disabled?: boolean;
  onClick: (() => void) | null;
  children: ReactNode;
}

/** A button over the photograph, with its key. */
export function Control({ label, keys, disabled = false, onClick, children }: ControlProps) {
  const tip = (
    <span className={classes.tip}>
      {label} <Kbd size="xs">{keys}</Kbd>
    </span>
  );
  return (
    <Tooltip label={tip}>
      <ActionIcon
        className={classes.control}
        aria-label={label}
        aria-disabled={disabled || undefined}
        onClick={() => disabled || onClick?.()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
