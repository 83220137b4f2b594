import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PasswordLinkView } from "../api/schema";
import { formatInstant } from "../ui/dates";

/** A one-time link to hand over: it is shown here and never again (ORG-2). */
export function PasswordLink({ link, name }: { link: PasswordLinkView; name: string }) {
  const { t } = useTranslation();
  const address = `${location.origin}/welcome#${link.token}`;
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" p="sm" title={t("administration.link.once")}>
        {t("administration.link.about", { name, when: formatInstant(link.expires_at, undefined) })}
      </Alert>
      <Group align="flex-end" gap="xs">
        <TextInput
          flex={1}
          miw={220}
          label={t("administration.link.label")}
          value={address}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
        />
        <CopyButton value={address} timeout={3000}>
          {({ copied, copy }) => (
            <Button
              onClick={copy}
              variant={copied ? "light" : "filled"}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            >
              <span aria-live="polite">{t(copied ? "administration.link.copied" : "administration.link.copy")}</span>
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed">
        {t("administration.link.lost")}
      </Text>
    </Stack>
  );
}
