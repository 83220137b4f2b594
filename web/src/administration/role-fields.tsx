import { Checkbox, Select, Stack, Text, Title } from "@mantine/core";
import type { SiteView } from "../api/schema";
import { managesInstallation, managesSite } from "../session/may";
import { useSession } from "../session/session";
import { RoleSelect } from "./role-select";
import { INSTALLATION_ROLES, type InstallationRole, type RoleBySite, type SiteRole } from "./roles";
import { useWords } from "./words";

interface RoleFieldsProps {
  sites: readonly SiteView[];
  held: RoleBySite;
  wide: readonly InstallationRole[];
  onRole: (site: string, role: SiteRole | null) => void;
  onWide: (role: InstallationRole, holds: boolean) => void;
}

/** Who may do what: a role at each site, and for administrators those of the whole installation. */
export function RoleFields({ sites, held, wide, onRole, onWide }: RoleFieldsProps) {
  const { t } = useWords();
  const session = useSession();
  const mine = sites.filter((site) => managesSite(session, site.id));
  const further = mine.filter((site) => !(site.id in held));
  return (
    <Stack gap="xl">
      <Stack component="section" gap="md">
        <Title order={2}>{t("roles.atSites")}</Title>
        {mine
          .filter((site) => site.id in held)
          .map((site) => (
            <RoleSelect
              key={site.id}
              label={site.name}
              role={held[site.id] ?? null}
              onRole={(role) => onRole(site.id, role)}
            />
          ))}
        {further.length > 0 && (
          <Select
            label={t("roles.addSite")}
            description={t("roles.addSiteAbout")}
            placeholder={t("roles.chooseSite")}
            searchable
            value={null}
            onChange={(site) => site !== null && onRole(site, "viewer")}
            data={further.map((site) => ({ value: site.id, label: site.name }))}
            nothingFoundMessage={t("translation:frame.commands.nothing")}
          />
        )}
      </Stack>
      {managesInstallation(session) && (
        <Stack component="section" gap="sm">
          <Title order={2}>{t("roles.inInstallation")}</Title>
          <Text size="sm" c="dimmed">
            {t("roles.inInstallationAbout")}
          </Text>
          {INSTALLATION_ROLES.map((role) => (
            <Checkbox
              key={role}
              label={t(`translation:roles.names.${role}`)}
              description={t(`roles.may.${role}`)}
              checked={wide.includes(role)}
              onChange={(event) => onWide(role, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
