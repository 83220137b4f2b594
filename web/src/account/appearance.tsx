import { useTranslation } from "react-i18next";
import { Fact } from "../ui/fact-list";
import { LanguageChoice } from "../ui/language-choice";
import { Section } from "../ui/section";
import { ThemeChoice } from "../ui/theme-choice";

/** Colours and language (ORG-9). */
export function Appearance() {
  const { t } = useTranslation();
  return (
    <Section title={t("account.appearance.title")} about={t("account.appearance.about")}>
      <dl style={{ margin: 0 }}>
        <Fact name={t("frame.theme.label")}>
          <ThemeChoice />
        </Fact>
        <Fact name={t("ui.language")}>
          <LanguageChoice />
        </Fact>
      </dl>
    </Section>
  );
}
