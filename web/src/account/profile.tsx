import { strongest } from "../administration/roles";
import { useSession } from "../session/session";
import { Fact } from "../ui/fact-list";
import { Section } from "../ui/section";
import { useWords } from "./words";

/** Who one is here, and what one may do where. */
export function Profile() {
  const { t } = useWords();
  const { display_name, login, sites, installation_roles } = useSession();
  return (
    <Section title={t("profile.title")} about={t("profile.about")}>
      <dl style={{ margin: 0 }}>
        <Fact name={t("profile.name")}>
          <bdi>{display_name}</bdi>
        </Fact>
        <Fact name={t("profile.login")}>
          <bdi>{login}</bdi>
        </Fact>
        {sites.map(({ site, name, roles }) => (
          <Fact key={site} name={name}>
            {t(`translation:roles.names.${strongest(roles) ?? "none"}`)}
          </Fact>
        ))}
        {installation_roles.length > 0 && (
          <Fact name={t("translation:roles.everywhere")}>
            {installation_roles.map((role) => t(`translation:roles.names.${role}`)).join(", ")}
          </Fact>
        )}
      </dl>
    </Section>
  );
}
