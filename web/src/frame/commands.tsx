import "@mantine/spotlight/styles.css";
import { Kbd } from "@mantine/core";
import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconKeyboard, IconLogout, IconMoon, IconSearch, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { usePrefer } from "../preferences/preferences";
import { mayBreakGlass } from "../session/may";
import { signOut, useSession } from "../session/session";
import { askForHelp } from "../shortcuts/ask";
import { tellProblem } from "../ui/tell";
import { ACCOUNT, administrationOf, EMERGENCY, patientPlacesOf, trailPlacesOf, useActivePatientPlaces } from "./places";

/** Everything one can do from anywhere, by typing: `/` or Ctrl-K. */
export function Commands() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ofPatient = useActivePatientPlaces();
  const prefer = usePrefer();
  const session = useSession();
  const places = [
    ...patientPlacesOf(session),
    ...(mayBreakGlass(session) ? [EMERGENCY] : []),
    ...ofPatient,
    ...administrationOf(session),
    ...trailPlacesOf(session),
    ACCOUNT,
  ];
  const actions: SpotlightActionData[] = [
    ...places.map((place) => ({
      id: place.to,
      label: t(`frame.places.${place.name}`),
      leftSection: <place.icon size={18} stroke={1.6} />,
      onClick: () => void navigate(place.to),
    })),
    {
      id: "light",
      label: t("frame.commands.light"),
      leftSection: <IconSun size={18} stroke={1.6} />,
      onClick: () => prefer({ theme: "light" }),
    },
    {
      id: "dark",
      label: t("frame.commands.dark"),
      leftSection: <IconMoon size={18} stroke={1.6} />,
      onClick: () => prefer({ theme: "dark" }),
    },
    {
      id: "shortcuts",
      label: t("frame.commands.shortcuts"),
      leftSection: <IconKeyboard size={18} stroke={1.6} />,
      rightSection: <Kbd>?</Kbd>,
      onClick: () => askForHelp(),
    },
    {
      id: "sign-out",
      label: t("frame.signOut"),
      leftSection: <IconLogout size={18} stroke={1.6} />,
      onClick: () => void signOut().catch(tellProblem),
    },
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      nothingFound={t("frame.commands.nothing")}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.6} />,
        placeholder: t("frame.search"),
        "aria-label": t("frame.search"),
      }}
    />
  );
}
