import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { managesSomething } from "../session/may";
import { useSession } from "../session/session";
import classes from "./bottom-bar.module.css";
import { ADMINISTRATION_AS_ONE, isAt, patientPlacesOf, placesOf, useActivePatient } from "./places";

/** The places, within reach of a thumb. */
export function BottomBar() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const patient = useActivePatient();
  const session = useSession();
  const manages = managesSomething(session);
  const places = [
    ...patientPlacesOf(session),
    ...(patient === null ? [] : placesOf(patient)),
    ...(manages ? [ADMINISTRATION_AS_ONE] : []),
  ];
  return (
    <Group component="nav" aria-label={t("frame.navigation")} className={classes.bar} gap={0} wrap="nowrap">
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          className={classes.place}
          aria-current={isAt(place, pathname) ? "page" : undefined}
        >
          <place.icon size={22} stroke={1.6} />
          <span>{t(`frame.places.${place.name}`)}</span>
        </Link>
      ))}
    </Group>
  );
}
