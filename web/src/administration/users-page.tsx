import { Anchor, Button, Group, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { UserView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { WhenSeen } from "../ui/when-seen";
import { HeldRoles } from "./held-roles";
import { useSites } from "./sites";
import { StateBadge } from "./state-badge";
import { useUsers } from "./users";

/** Everybody whom one manages, newest first (ORG-1). */
export function UsersPage() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.users"));
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useUsers();
  const users = data?.pages.flatMap((page) => page.users);
  return (
    <Page>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t("frame.places.users")}</Title>
        <Button component={Link} to="/administration/users/new" leftSection={<IconUserPlus size={17} />}>
          {t("administration.users.invite")}
        </Button>
      </Group>
      {users === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {users === undefined && error === null && <Skeleton h={420} />}
      {users !== undefined && <UserTable users={users} />}
      {hasNextPage && (
        <WhenSeen onSeen={() => void fetchNextPage()}>
          <Group justify="center" mt="md">
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("administration.users.more")}
            </Button>
          </Group>
        </WhenSeen>
      )}
    </Page>
  );
}

function UserTable({ users }: { users: readonly UserView[] }) {
  const { t } = useTranslation();
  const siteNames = new Map(useSites().data?.map((site) => [site.id, site.name]));
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("administration.users.name")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("administration.users.login")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("administration.users.state")}</Table.Th>
          <Table.Th>{t("administration.users.roles")}</Table.Th>
          <Table.Th visibleFrom="md">{t("administration.users.lastSignIn")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <UserRow key={user.id} user={user} siteNames={siteNames} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function UserRow({ user, siteNames }: { user: UserView; siteNames: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/administration/users/${user.id}`} fw={550}>
          <bdi>{user.display_name}</bdi>
        </Anchor>
        <Stack gap={6} mt={2} hiddenFrom="sm">
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            <bdi>{user.login}</bdi>
          </Text>
          <StateBadge state={user.state} />
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ overflowWrap: "anywhere" }}>
        <bdi>{user.login}</bdi>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <StateBadge state={user.state} />
      </Table.Td>
      <Table.Td>
        <HeldRoles user={user} siteNames={siteNames} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        {user.last_sign_in_at === null ? (
          <Text size="sm" c="dimmed">
            {t("administration.users.never")}
          </Text>
        ) : (
          formatInstant(user.last_sign_in_at, undefined)
        )}
      </Table.Td>
    </Table.Tr>
  );
}
