import { useTranslation } from "react-i18next";
import { strongest } from "../administration/roles";
import { useSession } from "../session/session";
import { Fact } from "../ui/fact-list";
import { Section } from "../ui/section";

/** Who one is here, and what one may do where. */
export function Profile() {
  const { t } = useTranslation();
  const { display_name, login, sites, installation_roles } = useSession();
  return (
    <Section title={t("account.profile.title")} about={t("account.profile.about")}>
      <dl style={{ margin: 0 }}>
        <Fact name={t("account.profile.name")}>
          <bdi>{display_name}</bdi>
        </Fact>
        <Fact name={t("account.profile.login")}>
          <bdi>{login}</bdi>
        </Fact>
        {sites.map(({ site, name, roles }) => (
          <Fact key={site} name={name}>
            {t(`administration.roles.names.${strongest(roles) ?? "none"}`)}
          </Fact>
        ))}
        {installation_roles.length > 0 && (
          <Fact name={t("administration.roles.everywhere")}>
            {installation_roles.map((role) => t(`administration.roles.names.${role}`)).join(", ")}
          </Fact>
        )}
      </dl>
    </Section>
  );
}
