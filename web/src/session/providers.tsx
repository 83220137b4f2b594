import { Button, Divider, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useInstallation } from "./installation";

/** A button for each provider that vouches for users of this installation; nothing where there is none. */
export function Providers() {
  const { t } = useTranslation();
  const providers = useInstallation()?.sign_in_providers ?? [];
  if (providers.length === 0) return null;
  return (
    <Stack gap="sm">
      <Divider label={t("signIn.or")} />
      {providers.map(({ id, name }) => (
        <Button key={id} component="a" href={`/api/v1/session/oidc/${id}`} variant="default" size="md" fullWidth>
          {t("signIn.by", { name })}
        </Button>
      ))}
    </Stack>
  );
}
