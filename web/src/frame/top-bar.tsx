import { ActionIcon, Box, Button, Group, Kbd } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { administersSite } from "../session/may";
import { useSession } from "../session/session";
import { part } from "../ui/part";
import { Breadcrumb } from "./breadcrumb";
import { ConnectionState } from "./connection-state";
import { useActivePatient } from "./places";
import { SaveStatus } from "./save-status";
import { UserMenu } from "./user-menu";

const People = lazy(part(async () => ({ default: (await import("../presence/people")).People })));
const AlertBadge = lazy(part(async () => ({ default: (await import("../emergency/alert-badge")).AlertBadge })));

/** Searches on a page that has a search of its own, and everywhere from any other. */
function search(): void {
  const here = document.querySelector<HTMLElement>("[data-search]");
  if (here === null) spotlight.open();
  else here.focus();
}

/** Where one is, the way to anything, and whether all is saved and connected. */
export function TopBar() {
  const { t } = useTranslation();
  const patient = useActivePatient();
  const administers = administersSite(useSession());
  useHotkeys([
    ["/", search],
    ["mod+K", () => spotlight.open()],
  ]);
  return (
    <Group component="div" h="100%" px="md" gap="sm" wrap="nowrap">
      <Box flex={1} miw={0}>
        <Breadcrumb />
      </Box>
      <Button
        visibleFrom="md"
        variant="default"
        size="xs"
        c="dimmed"
        fw={400}
        leftSection={<IconSearch size={15} />}
        rightSection={<Kbd size="xs">/</Kbd>}
        onClick={spotlight.open}
      >
        {t("frame.search")}
      </Button>
      <ActionIcon
        hiddenFrom="md"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t("frame.search")}
        onClick={spotlight.open}
      >
        <IconSearch size={18} stroke={1.6} />
      </ActionIcon>
      {administers && (
        <Suspense>
          <AlertBadge />
        </Suspense>
      )}
      {patient !== null && (
        <Suspense>
          <People key={patient} patient={patient} />
        </Suspense>
      )}
      <SaveStatus />
      <ConnectionState />
      <Box hiddenFrom="sm">
        <UserMenu icons />
      </Box>
    </Group>
  );
}
