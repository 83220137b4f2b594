import { Avatar, Tooltip } from "@mantine/core";
import i18next from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMatch } from "react-router";
import type { Somebody } from "../api/schema";
import { live } from "../live/live";
import { usePersonName } from "../properties/person";
import { useSession } from "../session/session";
import { type Other, othersOf } from "./others";
import en from "./words/en.json";

// these words come with the part that says them
i18next.addResourceBundle("en", "presence", en);

const SHOWN = 3;

/** Who else has this patient open (ENT-3); those who have the same entry open stand out. */
export function People({ patient }: { patient: string }) {
  const { t } = useTranslation("presence");
  const { user } = useSession();
  const entry = useMatch("/patients/:patient/entries/:entry/*")?.params.entry ?? null;
  const [people, setPeople] = useState<readonly Somebody[]>([]);
  useEffect(() => live.attend({ patient, entry }, setPeople), [patient, entry]);
  const others = othersOf(people, user, entry);
  if (others.length === 0) return null;
  const more = others.length - SHOWN;
  return (
    <Avatar.Group role="group" aria-label={t("alsoHere")} spacing={8}>
      {others.slice(0, SHOWN).map((other) => (
        <Person key={other.user} other={other} />
      ))}
      {more > 0 && (
        <Avatar size={28} radius="xl" aria-label={t("more", { count: more })}>
          +{more}
        </Avatar>
      )}
    </Avatar.Group>
  );
}

function Person({ other }: { other: Other }) {
  const { t } = useTranslation("presence");
  const name = usePersonName(other.user) ?? "…";
  const label = t(other.sameEntry ? "atEntry" : "atPatient", { name });
  return (
    <Tooltip label={label}>
      <Avatar
        size={28}
        radius="xl"
        name={name}
        color={other.sameEntry ? "teal" : "gray"}
        variant={other.sameEntry ? "filled" : "light"}
        role="img"
        aria-label={label}
      />
    </Tooltip>
  );
}
