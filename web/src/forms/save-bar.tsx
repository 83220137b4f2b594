import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isStale } from "../api/versions";
import { ProblemAlert } from "./problem-alert";
import classes from "./save-bar.module.css";

interface SaveBarProps {
  count: number;
  saving: boolean;
  error: unknown;
  onDiscard: () => void;
}

/** Save and Discard of a form, in sight as long as there is something to save, with the number of unsaved changes and why the last try failed. */
export function SaveBar({ count, saving, error, onDiscard }: SaveBarProps) {
  const { t } = useTranslation();
  return (
    <Stack className={classes.bar} gap="sm" data-unsaved={count > 0 || undefined}>
      {isStale(error) ? (
        <Alert color="yellow" variant="light" role="alert" p="sm" title={t("ui.stale.title")}>
          {t(count === 0 ? "ui.stale.same" : "ui.stale.about")}
        </Alert>
      ) : (
        <ProblemAlert error={error} />
      )}
      <Group justify="flex-end" gap="sm">
        <Text size="sm" c="dimmed" role="status" flex={1}>
          {t("ui.unsaved", { count })}
        </Text>
        <Button variant="default" disabled={count === 0 || saving} onClick={onDiscard}>
          {t("ui.discard")}
        </Button>
        <Button type="submit" disabled={count === 0} loading={saving}>
          {t("ui.save")}
        </Button>
      </Group>
    </Stack>
  );
}
