import { Stack, Text } from "@mantine/core";
import type { UserView } from "../api/schema";
import { strongest } from "./roles";
import { useWords } from "./words";

const SHOWN = 3;

/** What somebody may do where, in few lines. */
export function HeldRoles({ user, siteNames }: { user: UserView; siteNames: ReadonlyMap<string, string> }) {
  const { t } = useWords();
  const wide = user.installation_roles.map((role) => ({ id: role, at: t("translation:roles.everywhere"), role }));
  const sites = user.sites
    .map(({ site, roles }) => ({ id: site, at: siteNames.get(site) ?? "…", role: strongest(roles) }))
    .sort((a, b) => a.at.localeCompare(b.at));
  const held = [...wide, ...sites];
  if (held.length === 0) return <Text c="dimmed">{t("roles.none")}</Text>;
  return (
    <Stack gap={2}>
      {held.slice(0, SHOWN).map(({ id, at, role }) => (
        <Text key={id} size="sm">
          {role !== null && t(`translation:roles.names.${role}`)}
          <Text span c="dimmed" inherit>
            {" · "}
            <bdi>{at}</bdi>
          </Text>
        </Text>
      ))}
      {held.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t("roles.more", { count: held.length - SHOWN })}
        </Text>
      )}
    </Stack>
  );
}
