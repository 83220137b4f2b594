import { Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { ErrorState } from "../ui/error-state";
import { usePageTitle } from "../ui/page-title";

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  usePageTitle(t("ui.notFound.title"));
  return (
    <Stack align="center" gap="xs" py={96} px="md" ta="center">
      <Title order={1}>{t("ui.notFound.title")}</Title>
      <Text c="dimmed">{t("ui.notFound.about")}</Text>
      <Button component={Link} to="/patients" variant="default" mt="sm">
        {t("frame.places.patients")}
      </Button>
    </Stack>
  );
}

/** A page that could not be loaded or drawn. */
export function RouteError() {
  return <ErrorState error={useRouteError()} onRetry={() => location.reload()} />;
}
