import { Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { Appearance } from "./appearance";
import { ChangePassword } from "./change-password";
import { Profile } from "./profile";
import { TokenList } from "./token-list";

/** One's own account: who one is here, the password, how the interface looks, tokens. */
export function AccountPage() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.account"));
  return (
    <Page narrow>
      <Stack gap={40}>
        <Title order={1}>{t("frame.places.account")}</Title>
        <Profile />
        <ChangePassword />
        <Appearance />
        <TokenList />
      </Stack>
    </Page>
  );
}
