import { Box, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { useRefocus } from "./use-refocus";

interface SectionProps {
  id?: string;
  title: string;
  about?: string;
  /** What changes when something in here goes away, and the focus with it. */
  changing?: unknown;
  children: ReactNode;
}

/** A part of a page, with what it is about. */
export function Section({ id, title, about, changing, children }: SectionProps) {
  const made = useId();
  const heading = id ?? made;
  const refocused = useRefocus<HTMLHeadingElement>(changing);
  return (
    <Stack component="section" gap="md" aria-labelledby={heading}>
      <Box>
        <Title order={2} id={heading} tabIndex={-1} ref={refocused} style={{ scrollMarginTop: 16 }}>
          {title}
        </Title>
        {about !== undefined && (
          <Text size="sm" c="dimmed" mt={2}>
            {about}
          </Text>
        )}
      </Box>
      {children}
    </Stack>
  );
}
