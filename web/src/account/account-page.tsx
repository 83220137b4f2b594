import { Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { Appearance } from "./appearance";
import { ChangePassword } from "./change-password";
import { HistoryList } from "./history-list";
import { Profile } from "./profile";
import { SecondFactorSection } from "./second-factor-section";
import { SessionList } from "./session-list";
import { TokenList } from "./token-list";

/** One's own account: who one is here, how one signs in, where one is signed in, what
 * happened to it, and how the interface looks. */
export function AccountPage() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.account"));
  return (
    <Page narrow>
      <Stack gap={40}>
        <Title order={1}>{t("frame.places.account")}</Title>
        <Profile />
        <ChangePassword />
        <SecondFactorSection />
        <SessionList />
        <TokenList />
        <HistoryList />
        <Appearance />
      </Stack>
    </Page>
  );
}
