import type { MouseEventHandler, ReactNode, Ref } from "react";
import classes from "./tile-action.module.css";

interface TileActionProps {
  /** In a word, for who points at it. */
  title: string;
  /** Of which photograph, too. */
  label: string;
  tabIndex: 0 | -1;
  /** Whether a menu opens from it. */
  menu?: boolean;
  ref?: Ref<HTMLButtonElement>;
  onClick: MouseEventHandler<HTMLButtonElement>;
  children: ReactNode;
}

/** A round button on a picture. Many cards appear at once: titles do, where tooltips cost time. */
export function TileAction({ title, label, tabIndex, menu = false, ref, onClick, children }: TileActionProps) {
  return (
    <button
      ref={ref}
      type="button"
      className={classes.action}
      title={title}
      aria-label={label}
      aria-haspopup={menu ? "menu" : undefined}
      data-grip={menu || undefined}
      tabIndex={tabIndex}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
