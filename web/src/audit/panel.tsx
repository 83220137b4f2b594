import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./panel.module.css";

interface PanelProps {
  opened: boolean;
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
}

/** What lies over the right side of the page for a while; the focus goes back to where it was. */
export function Panel({ opened, title, closeLabel, onClose, children }: PanelProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="min(100vw, 480px)"
      title={title}
      classNames={{ title: classes.title ?? "" }}
      closeButtonProps={{ "aria-label": closeLabel }}
    >
      {children}
    </Drawer>
  );
}
