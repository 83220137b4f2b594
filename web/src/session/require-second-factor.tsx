import { Button, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import type { SessionView } from "../api/schema";
import { SecondFactorSetup } from "../second-factor/setup";
import { usePageTitle } from "../ui/page-title";
import { Waiting } from "../ui/waiting";
import { OutsidePage } from "./outside-page";
import { refreshSession, signOut, useSessionQuery } from "./session";

/** Where the installation requires a second factor, nothing else can be done before one is set up (ORG-4). */
export function RequireSecondFactor() {
  const { t } = useTranslation();
  usePageTitle(t("secondFactor.setUp"));
  const { data: session } = useSessionQuery();
  if (session === undefined) return <Waiting />;
  if (session === null) return <Navigate to="/sign-in" replace />;
  return <Setup session={session} />;
}

/** Stays until its user has kept the recovery codes, though the session is free before. */
function Setup({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const [toDo, setToDo] = useState(session.second_factor_setup_required ?? false);
  if (!toDo) return <Navigate to="/" replace />;
  return (
    <OutsidePage title={t("secondFactor.setUp")} about={t("secondFactor.required")}>
      <Stack gap="md">
        <SecondFactorSetup onDone={() => void refreshSession().then(() => setToDo(false))} />
        <Button variant="subtle" color="gray" fullWidth onClick={() => void signOut()}>
          {t("password.later")}
        </Button>
      </Stack>
    </OutsidePage>
  );
}
