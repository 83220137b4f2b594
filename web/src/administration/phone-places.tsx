import { Button, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { administrationOf, isAt } from "../frame/places";
import { useSession } from "../session/session";

const IN_A_ROW = 3;

/** On a phone the bottom bar leads to administration as a whole, and this on from there. */
export function PhonePlaces() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const places = administrationOf(useSession());
  return (
    <SimpleGrid
      component="nav"
      aria-label={t("frame.places.administration")}
      hiddenFrom="sm"
      cols={places.length > IN_A_ROW ? 2 : places.length}
      spacing="xs"
      px="md"
      pt="md"
    >
      {places.map((place) => {
        const here = isAt(place, pathname);
        return (
          <Button
            key={place.to}
            component={Link}
            to={place.to}
            variant={here ? "light" : "default"}
            leftSection={<place.icon size={17} stroke={1.6} />}
            {...(here && { "aria-current": "page" })}
          >
            {t(`frame.places.${place.name}`)}
          </Button>
        );
      })}
    </SimpleGrid>
  );
}
