import { Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useRouteError } from "react-router";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { usePageTitle } from "../ui/page-title";
import { homeOf } from "./places";

/** The bare address: where this user begins. */
export function Home() {
  return <Navigate to={homeOf(useSession()).to} replace />;
}

/** An address that leads nowhere, or not for this user. */
export function NotFound() {
  const { t } = useTranslation();
  const home = homeOf(useSession());
  usePageTitle(t("ui.notFound.title"));
  return (
    <Stack align="center" gap="xs" py={96} px="md" ta="center">
      <Title order={1}>{t("ui.notFound.title")}</Title>
      <Text c="dimmed">{t("ui.notFound.about")}</Text>
      <Button component={Link} to={home.to} variant="default" mt="sm">
        {t(`frame.places.${home.name}`)}
      </Button>
    </Stack>
  );
}

/** A page that could not be loaded or drawn. */
export function RouteError() {
  return <ErrorState error={useRouteError()} onRetry={() => location.reload()} />;
}
