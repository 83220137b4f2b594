import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useSayProblem } from "./say-problem";

/** What went wrong, in words, and a way to try again; where there is nothing, trying again would find nothing. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const say = useSayProblem();
  const nothing = error instanceof Problem && error.code === "not_found";
  return (
    <Stack align="center" gap="xs" py={64} px="md" ta="center" role="alert">
      <Title order={2}>{t(nothing ? "ui.notFound.title" : "ui.error.title")}</Title>
      <Text c="dimmed" maw={460}>
        {say(error)}
      </Text>
      {error instanceof Problem && error.requestId !== null && (
        <Text size="xs" c="dimmed">
          {t("ui.error.request")} <Code>{error.requestId}</Code>
        </Text>
      )}
      {onRetry !== undefined && !nothing && (
        <Button mt="xs" variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
          {t("ui.error.retry")}
        </Button>
      )}
    </Stack>
  );
}
