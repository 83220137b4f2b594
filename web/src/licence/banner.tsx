import { Anchor, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { managesInstallation, mayCreatePatients } from "../session/may";
import { useSession } from "../session/session";
import classes from "./banner.module.css";
import { useLicence } from "./licence";
import { LOOKS } from "./look";
import { daysUntil } from "./reckoning";
import { whyNoUploads } from "./words";

/**
 * What everybody who adds photographs has to know of the licence: that none can be added. Who manages the installation is
 * told in time. Nothing where all is well.
 */
export function LicenceBanner() {
  const { t } = useTranslation();
  const session = useSession();
  const { data: licence } = useLicence();
  if (licence === undefined) return null;
  const manages = managesInstallation(session);
  const refused = manages || mayCreatePatients(session) ? whyNoUploads(licence, t) : null;
  const soon =
    manages && licence.state === "expiring" && licence.valid_until !== null
      ? t("licence.expiresIn", { count: daysUntil(licence.valid_until, Date.now()) })
      : null;
  const text = refused ?? soon;
  if (text === null) return null;
  const look = LOOKS[licence.state];
  return (
    <Group
      component="aside"
      aria-label={t("licence.title")}
      className={classes.banner}
      data-color={look.color}
      gap="4px 10px"
      wrap="nowrap"
    >
      <look.icon size={18} stroke={1.8} aria-hidden className={classes.sign} />
      <Text size="sm" flex={1} role="status">
        {text} {!manages && t("licence.askAdministrator")}
      </Text>
      {manages && (
        <Anchor component={Link} to="/administration/licence" size="sm" fw={600} className={classes.way}>
          {t("licence.open")}
        </Anchor>
      )}
    </Group>
  );
}
