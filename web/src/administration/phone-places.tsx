import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { administrationOf, isAt } from "../frame/places";
import { useSession } from "../session/session";

/** On a phone the bottom bar leads to administration as a whole, and this on from there. */
export function PhonePlaces() {
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
