import { Alert, Stack, Text } from "@mantine/core";
import type { PasswordLinkView } from "../api/schema";
import { ShownOnce } from "../forms/shown-once";
import { formatInstant } from "../ui/dates";
import { useWords } from "./words";

/** A one-time link to hand over: it is shown here and never again (ORG-2). */
export function PasswordLink({ link, name }: { link: PasswordLinkView; name: string }) {
  const { t } = useWords();
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" p="sm" title={t("link.once")}>
        {t("link.about", { name, when: formatInstant(link.expires_at, undefined) })}
      </Alert>
      <ShownOnce label={t("link.label")} secret={`${location.origin}/welcome#${link.token}`} />
      <Text size="sm" c="dimmed">
        {t("link.lost")}
      </Text>
    </Stack>
  );
}
