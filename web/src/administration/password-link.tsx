import { Alert, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PasswordLinkView } from "../api/schema";
import { ShownOnce } from "../forms/shown-once";
import { formatInstant } from "../ui/dates";

/** A one-time link to hand over: it is shown here and never again (ORG-2). */
export function PasswordLink({ link, name }: { link: PasswordLinkView; name: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" p="sm" title={t("administration.link.once")}>
        {t("administration.link.about", { name, when: formatInstant(link.expires_at, undefined) })}
      </Alert>
      <ShownOnce label={t("administration.link.label")} secret={`${location.origin}/welcome#${link.token}`} />
      <Text size="sm" c="dimmed">
        {t("administration.link.lost")}
      </Text>
    </Stack>
  );
}
