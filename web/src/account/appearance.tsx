import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePrefer, usePreference } from "../preferences/preferences";
import { Fact } from "../ui/fact-list";
import { LanguageChoice } from "../ui/language-choice";
import { Section } from "../ui/section";
import { ThemeChoice } from "../ui/theme-choice";

const ZOOMS = ["fit", "pixels"] as const;

/** Colours, language, and how photographs are shown first (ORG-9). */
export function Appearance() {
  const { t } = useTranslation();
  const prefer = usePrefer();
  return (
    <Section title={t("account.appearance.title")} about={t("account.appearance.about")}>
      <dl style={{ margin: 0 }}>
        <Fact name={t("frame.theme.label")}>
          <ThemeChoice onChoose={(theme) => prefer({ theme })} />
        </Fact>
        <Fact name={t("ui.language")}>
          <LanguageChoice onChoose={(language) => prefer({ language })} />
        </Fact>
        <Fact name={t("account.appearance.zoom")}>
          <SegmentedControl
            size="xs"
            aria-label={t("account.appearance.zoom")}
            value={usePreference("viewer_zoom") ?? "fit"}
            onChange={(zoom) => prefer({ viewer_zoom: zoom as (typeof ZOOMS)[number] })}
            data={ZOOMS.map((zoom) => ({ value: zoom, label: t(`account.appearance.zooms.${zoom}`) }))}
          />
        </Fact>
      </dl>
    </Section>
  );
}
