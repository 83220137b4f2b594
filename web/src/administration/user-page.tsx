import { Alert, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useNavigate, useParams } from "react-router";
import type { SiteView, UserView } from "../api/schema";
import { useDraft } from "../forms/draft";
import { DraftForm } from "../forms/draft-form";
import { managesInstallation } from "../session/may";
import { useSession } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { RoleFields } from "./role-fields";
import { useSites } from "./sites";
import { StateBadge } from "./state-badge";
import { UserAccess } from "./user-access";
import { fieldOf, fieldsOf, heldBy, saveUser, wideOf } from "./user-draft";
import { useUser } from "./users";
import { useWords } from "./words";

/** One user: the name, what they may do where, and whether they may sign in at all (ORG-1). */
export function UserPage() {
  const { t } = useWords();
  usePageTitle(t("users.one"));
  const user = useUser(useParams().user ?? "");
  const sites = useSites();
  const error = user.data === undefined ? user.error : sites.data === undefined ? sites.error : null;
  const retry = () => void Promise.all([user.refetch(), sites.refetch()]);
  return (
    <Page narrow>
      {error !== null && <ErrorState error={error} onRetry={retry} />}
      {error === null && (user.data === undefined || sites.data === undefined) && <Skeleton h={520} />}
      {user.data !== undefined && sites.data !== undefined && (
        <Stack gap="xl" key={user.data.id}>
          <Heading user={user.data} />
          <UserForm user={user.data} sites={sites.data} onStale={() => void user.refetch()} />
          <UserAccess user={user.data} />
        </Stack>
      )}
    </Page>
  );
}

function Heading({ user }: { user: UserView }) {
  const { t } = useWords();
  const signedIn = user.last_sign_in_at;
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Title order={1}>
          <bdi>{user.display_name}</bdi>
        </Title>
        <StateBadge state={user.state} />
      </Group>
      <Text c="dimmed" style={{ overflowWrap: "anywhere" }}>
        <bdi>{user.login}</bdi>
        {" · "}
        {signedIn === null
          ? t("users.neverSignedIn")
          : t("users.signedIn", { when: formatInstant(signedIn, undefined) })}
      </Text>
    </Stack>
  );
}

function UserForm({ user, sites, onStale }: { user: UserView; sites: readonly SiteView[]; onStale: () => void }) {
  const { t } = useWords();
  const session = useSession();
  const navigate = useNavigate();
  const draft = useDraft(fieldsOf(user));
  const saved = (now: UserView) => {
    tell({ color: "teal", message: t("users.saved", { name: now.display_name }) });
    // whoever holds nothing any more at the sites that one manages is not there any more
    if (now.sites.length === 0 && !managesInstallation(session)) void navigate("/administration/users");
  };
  return (
    <DraftForm
      draft={draft}
      save={() => saveUser(user, draft.value, draft.changes)}
      onSaved={saved}
      onStale={onStale}
      gap="xl"
    >
      {() => (
        <>
          <TextInput
            label={t("users.name")}
            description={t("users.nameAbout")}
            value={draft.value.name}
            onChange={(event) => draft.set("name", event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={200}
            autoComplete="off"
          />
          <RoleFields
            sites={sites}
            held={heldBy(draft.value)}
            wide={wideOf(draft.value)}
            onRole={(site, role) => draft.set(fieldOf(site), role)}
            onWide={(role, holds) => draft.set(role, holds)}
          />
          {user.id === session.user && draft.count > 0 && (
            <Alert color="yellow" variant="light" p="sm">
              {t("users.own")}
            </Alert>
          )}
        </>
      )}
    </DraftForm>
  );
}
