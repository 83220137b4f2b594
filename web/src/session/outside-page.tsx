import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { wishLanguage } from "../i18n";
import { Brand } from "../ui/brand";
import { LanguageChoice } from "../ui/language-choice";
import { tellProblem } from "../ui/tell";
import { useInstallation } from "./installation";
import classes from "./page.module.css";

/** One column outside the frame: where nobody is signed in yet, or may not do anything else. */
export function OutsidePage({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  const installation = useInstallation();
  return (
    <main className={classes.page}>
      <Box>
        <Box className={classes.card}>
          <Stack gap="lg">
            <Stack gap={4}>
              <Brand />
              <Text size="sm" c="dimmed" mih={20}>
                {installation?.name}
              </Text>
            </Stack>
            <Stack gap={6}>
              <Title order={1}>{title}</Title>
              {about !== undefined && (
                <Text size="sm" c="dimmed">
                  {about}
                </Text>
              )}
            </Stack>
            {children}
          </Stack>
        </Box>
        <Group justify="center" mt="md">
          <LanguageChoice onChoose={(language) => void wishLanguage(language).catch(tellProblem)} />
        </Group>
      </Box>
    </main>
  );
}
