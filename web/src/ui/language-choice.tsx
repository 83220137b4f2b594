import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n";

const NAMES: Record<Language, string> = { en: "English", fr: "Français" };

/** English or French, for this device. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("ui.language")}
      value={i18n.language}
      onChange={(language) => void chooseLanguage(language as Language)}
      data={LANGUAGES.map((language) => ({ value: language, label: NAMES[language] }))}
    />
  );
}
