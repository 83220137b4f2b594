import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { managesSomething } from "../session/may";
import { useSession } from "../session/session";
import classes from "./bottom-bar.module.css";
import { ADMINISTRATION_AS_ONE, CREATE, isAt, patientPlacesOf, trailPlacesOf, useActivePatientPlaces } from "./places";

/** The places, within reach of a thumb. */
export function BottomBar() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const ofPatient = useActivePatientPlaces();
  const session = useSession();
  const manages = managesSomething(session);
  // a patient's places stand where the way to a new one does elsewhere: there is room for four
  const general = patientPlacesOf(session).filter((place) => place !== CREATE || ofPatient.length === 0);
  const places = [...general, ...ofPatient, ...(manages ? [ADMINISTRATION_AS_ONE] : trailPlacesOf(session))];
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
