import { Alert, Button, CopyButton, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** The codes for when the app is lost: shown here and never again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" p="sm" title={t("secondFactor.codesOnce")}>
        {t("secondFactor.codesAbout")}
      </Alert>
      <SimpleGrid component="ul" cols={2} spacing="xs" m={0} p={0}>
        {codes.map((code) => (
          <Text key={code} component="li" ff="monospace" style={{ listStyle: "none" }}>
            {code}
          </Text>
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <CopyButton value={codes.join("\n")} timeout={3000}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            >
              <span aria-live="polite">{t(copied ? "ui.copied" : "ui.copy")}</span>
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t("secondFactor.codesKept")}</Button>
      </Group>
    </Stack>
  );
}
