import { Anchor, Group, Text } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";
import { Link } from "react-router";
import classes from "./bar.module.css";

interface BarProps {
  /** What it is about, for those who listen. */
  label: string;
  color: string;
  icon: ComponentType<{ size?: number; stroke?: number; className?: string; "aria-hidden"?: boolean }>;
  children: ReactNode;
  /** Where more can be done about it. */
  way?: { to: string; name: string } | false;
}

/** What holds for the whole page below it, in a line across. */
export function Bar({ label, color, icon: Icon, children, way }: BarProps) {
  return (
    <Group component="aside" aria-label={label} className={classes.bar} data-color={color} gap="4px 10px" wrap="nowrap">
      <Icon size={18} stroke={1.8} aria-hidden className={classes.sign ?? ""} />
      <Text size="sm" flex={1} role="status">
        {children}
      </Text>
      {way && (
        <Anchor component={Link} to={way.to} size="sm" fw={600} className={classes.way}>
          {way.name}
        </Anchor>
      )}
    </Group>
  );
}
