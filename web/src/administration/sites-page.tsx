import { Anchor, Button, Group, Skeleton, Table, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";
import type { SiteView } from "../api/schema";
import { isLanguage, LANGUAGE_NAMES } from "../i18n";
import { managesInstallation, managesSite } from "../session/may";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { useSites } from "./sites";
import { clockIn } from "./time-zones";
import { useWords } from "./words";

/** The sites that one manages (ORG-1). */
export function SitesPage() {
  const { t } = useWords();
  usePageTitle(t("translation:frame.places.sites"));
  const session = useSession();
  const { data, error, refetch } = useSites();
  const sites = data?.filter((site) => managesSite(session, site.id));
  return (
    <Page>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t("translation:frame.places.sites")}</Title>
        {managesInstallation(session) && (
          <Button component={Link} to="/administration/sites/new" leftSection={<IconPlus size={17} />}>
            {t("sites.create")}
          </Button>
        )}
      </Group>
      {sites === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {sites === undefined && error === null && <Skeleton h={220} />}
      {sites !== undefined && <SiteTable sites={sites} />}
    </Page>
  );
}

function SiteTable({ sites }: { sites: readonly SiteView[] }) {
  const { t } = useWords();
  const now = new Date();
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("sites.name")}</Table.Th>
          <Table.Th>{t("sites.timeZone")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("sites.language")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sites.map(({ id, name, time_zone, language = "en" }) => (
          <Table.Tr key={id}>
            <Table.Td style={{ overflowWrap: "anywhere" }}>
              <Anchor component={Link} to={`/administration/sites/${id}`} fw={550}>
                <bdi>{name}</bdi>
              </Anchor>
            </Table.Td>
            <Table.Td>
              {time_zone}
              <Text size="sm" c="dimmed">
                {clockIn(time_zone, now)}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">{isLanguage(language) ? LANGUAGE_NAMES[language] : language}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
