import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A button with what it does beside it. */
export function Effect({ about, children }: { about: string; children: ReactNode }) {
  return (
    <Group gap="md" align="center" justify="space-between">
      <Text size="sm" c="dimmed" flex="1 1 280px">
        {about}
      </Text>
      {children}
    </Group>
  );
}
