import { Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useMemo } from "react";
import type { SiteView } from "../api/schema";
import { EnforcementField } from "../consent/enforcement-field";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n";
import { clockIn, timeZones } from "./time-zones";
import { useWords } from "./words";

export interface SiteTyped {
  name: string;
  time_zone: string;
  language: string;
  letterhead: string;
  consent_enforcement: SiteConsentEnforcement;
}

type SiteConsentEnforcement = NonNullable<SiteView["consent_enforcement"]>;

const ENFORCEMENT: readonly SiteConsentEnforcement[] = ["installation", "disabled", "advisory", "required"];

interface SiteFieldsProps {
  value: SiteTyped;
  faults: Readonly<Record<string, string>>;
  onChange: <F extends keyof SiteTyped>(field: F, value: SiteTyped[F]) => void;
}

/** The settings of a site, each with what it does. */
export function SiteFields({ value, faults, onChange }: SiteFieldsProps) {
  const { t } = useWords();
  const zones = useMemo(() => timeZones(value.time_zone), [value.time_zone]);
  const clock = clockIn(value.time_zone, new Date());
  const about = t("sites.timeZoneAbout");
  return (
    <Stack gap="lg">
      <TextInput
        label={t("sites.name")}
        description={t("sites.nameAbout")}
        value={value.name}
        onChange={(event) => onChange("name", event.currentTarget.value)}
        error={faults.name}
        required
        withAsterisk={false}
        maxLength={200}
        autoComplete="off"
      />
      <Select
        label={t("sites.timeZone")}
        description={clock === null ? about : `${about} ${t("sites.clock", { clock })}`}
        value={value.time_zone}
        onChange={(zone) => zone !== null && onChange("time_zone", zone)}
        error={faults.time_zone}
        data={zones}
        searchable
        limit={100}
        allowDeselect={false}
        nothingFoundMessage={t("translation:frame.commands.nothing")}
      />
      <Select
        label={t("sites.language")}
        description={t("sites.languageAbout")}
        value={value.language}
        onChange={(language) => language !== null && onChange("language", language)}
        error={faults.language}
        data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
        allowDeselect={false}
      />
      <Textarea
        label={t("sites.letterhead")}
        description={t("sites.letterheadAbout")}
        value={value.letterhead}
        onChange={(event) => onChange("letterhead", event.currentTarget.value)}
        error={faults.letterhead}
        autosize
        minRows={4}
        maxLength={10_000}
      />
      <EnforcementField
        about="siteAbout"
        levels={ENFORCEMENT}
        value={value.consent_enforcement}
        onChange={(level) => onChange("consent_enforcement", level)}
      />
    </Stack>
  );
}
