import { Box, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of the account page, with what it is about. */
export function Section({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  const heading = useId();
  return (
    <Stack component="section" gap="md" aria-labelledby={heading}>
      <Box>
        <Title order={2} id={heading}>
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
