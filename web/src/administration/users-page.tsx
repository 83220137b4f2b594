import { Anchor, Button, Group, Skeleton, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
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
import { useWords } from "./words";

const PAUSE_MS = 250;
/** What the server takes. */
const LONGEST = 100;

/** Everybody whom one manages, newest first, or who is found by name or login (ORG-1). */
export function UsersPage() {
  const { t } = useWords();
  usePageTitle(t("translation:frame.places.users"));
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed.trim().split(/\s+/).join(" "), PAUSE_MS);
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useUsers(text);
  const users = data?.pages.flatMap((page) => page.users);
  return (
    <Page>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t("translation:frame.places.users")}</Title>
        <Button component={Link} to="/administration/users/new" leftSection={<IconUserPlus size={17} />}>
          {t("users.invite")}
        </Button>
      </Group>
      <TextInput
        type="search"
        aria-label={t("users.search")}
        placeholder={t("users.searchHint")}
        leftSection={<IconSearch size={16} stroke={1.6} />}
        autoComplete="off"
        spellCheck={false}
        maxLength={LONGEST}
        maw={380}
        mb="md"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {users === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {users === undefined && error === null && <Skeleton h={420} />}
      {users !== undefined && users.length > 0 && <UserTable users={users} />}
      <Text role="status" c="dimmed" py={users?.length === 0 ? "xl" : 0} ta="center">
        {users?.length === 0 && t("users.none")}
      </Text>
      {hasNextPage && (
        <WhenSeen onSeen={() => void fetchNextPage()}>
          <Group justify="center" mt="md">
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("users.more")}
            </Button>
          </Group>
        </WhenSeen>
      )}
    </Page>
  );
}

function UserTable({ users }: { users: readonly UserView[] }) {
  const { t } = useWords();
  const siteNames = new Map(useSites().data?.map((site) => [site.id, site.name]));
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("users.name")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("users.login")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("users.state")}</Table.Th>
          <Table.Th>{t("users.roles")}</Table.Th>
          <Table.Th visibleFrom="md">{t("users.lastSignIn")}</Table.Th>
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
  const { t } = useWords();
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
            {t("users.never")}
          </Text>
        ) : (
          formatInstant(user.last_sign_in_at, undefined)
        )}
      </Table.Td>
    </Table.Tr>
  );
}
