import { Group, Menu, UnstyledButton } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { managesSomething } from "../session/may";
import { useSession } from "../session/session";
import classes from "./bottom-bar.module.css";
import {
  ADMINISTRATION_AS_ONE,
  CREATE,
  isAt,
  type Place,
  patientPlacesOf,
  trailPlacesOf,
  useActivePatientPlaces,
} from "./places";

const ROOM = 5;

/** The places of a patient that one goes to most often come first. */
const OFTEN: readonly Place["name"][] = ["entries", "pool", "consent"];

/** The places, within reach of a thumb. */
export function BottomBar() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const ofPatient = useActivePatientPlaces();
  const session = useSession();
  const manages = managesSomething(session);
  // a patient's places stand where the way to a new one does elsewhere
  const general = patientPlacesOf(session).filter((place) => place !== CREATE || ofPatient.length === 0);
  const often = OFTEN.flatMap((name) => ofPatient.filter((place) => place.name === name));
  const rarely = ofPatient.filter((place) => !often.includes(place));
  const places = [...general, ...often, ...rarely, ...(manages ? [ADMINISTRATION_AS_ONE] : trailPlacesOf(session))];
  const shown = places.length > ROOM ? places.slice(0, ROOM - 1) : places;
  const more = places.slice(shown.length);
  return (
    <Group component="nav" aria-label={t("frame.navigation")} className={classes.bar} gap={0} wrap="nowrap">
      {shown.map((place) => (
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
      {more.length > 0 && (
        <Menu position="top-end" withinPortal>
          <Menu.Target>
            <UnstyledButton
              className={classes.place}
              data-here={more.some((place) => isAt(place, pathname)) || undefined}
            >
              <IconDots size={22} stroke={1.6} />
              <span>{t("frame.more")}</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map((place) => (
              <Menu.Item
                key={place.to}
                component={Link}
                to={place.to}
                leftSection={<place.icon size={18} stroke={1.6} />}
                aria-current={isAt(place, pathname) ? "page" : undefined}
              >
                {t(`frame.places.${place.name}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
