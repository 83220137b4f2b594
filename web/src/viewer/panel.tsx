import { Stack, Text, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./panel.module.css";

interface PanelProps {
  /** A picture of what happened; none while something is still happening. */
  icon?: Icon;
  title: string;
  about: ReactNode;
  /** Whether it should be noticed at once. */
  alarming?: boolean;
  children?: ReactNode;
}

/** What stands in the middle of the stage where no photograph can. */
export function Panel({ icon: Icon, title, about, alarming = false, children }: PanelProps) {
  return (
    <div className={classes.place} role={alarming ? "alert" : "status"}>
      <Stack className={classes.panel} align="center" gap="xs">
        {Icon !== undefined && <Icon size={40} stroke={1.3} aria-hidden />}
        <Title order={2}>{title}</Title>
        <Text className={classes.about}>{about}</Text>
        {children}
      </Stack>
    </div>
  );
}
