import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { NotFound } from "../frame/error-pages";
import { administrationOf, isAt } from "../frame/places";
import { managesSomething } from "../session/may";
import { useSession } from "../session/session";

/** The pages of who manages something; to everybody else they do not exist. */
export function Administration() {
  const session = useSession();
  if (!managesSomething(session)) return <NotFound />;
  return (
    <>
      <PhonePlaces />
      <Outlet />
    </>
  );
}

/** On a phone the bottom bar leads to administration as a whole, and this on from there. */
function PhonePlaces() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <Group component="nav" aria-label={t("frame.places.administration")} hiddenFrom="sm" gap="xs" px="md" pt="md">
      {administrationOf(useSession()).map((place) => {
        const here = isAt(place, pathname);
        return (
          <Button
            key={place.to}
            component={Link}
            to={place.to}
            flex="1 1 40%"
            variant={here ? "light" : "default"}
            leftSection={<place.icon size={17} stroke={1.6} />}
            {...(here && { "aria-current": "page" })}
          >
            {t(`frame.places.${place.name}`)}
          </Button>
        );
      })}
    </Group>
  );
}
