import { SegmentedControl } from "@mantine/core";
import { usePrefer, usePreference } from "../preferences/preferences";
import { Fact } from "../ui/fact-list";
import { LanguageChoice } from "../ui/language-choice";
import { Section } from "../ui/section";
import { ThemeChoice } from "../ui/theme-choice";
import { useWords } from "./words";

const ZOOMS = ["fit", "pixels"] as const;

/** Colours, language, and how photographs are shown first (ORG-9). */
export function Appearance() {
  const { t } = useWords();
  const prefer = usePrefer();
  return (
    <Section title={t("appearance.title")} about={t("appearance.about")}>
      <dl style={{ margin: 0 }}>
        <Fact name={t("translation:frame.theme.label")}>
          <ThemeChoice onChoose={(theme) => prefer({ theme })} />
        </Fact>
        <Fact name={t("translation:ui.language")}>
          <LanguageChoice onChoose={(language) => prefer({ language })} />
        </Fact>
        <Fact name={t("appearance.zoom")}>
          <SegmentedControl
            size="xs"
            aria-label={t("appearance.zoom")}
            value={usePreference("viewer_zoom") ?? "fit"}
            onChange={(zoom) => prefer({ viewer_zoom: zoom as (typeof ZOOMS)[number] })}
            data={ZOOMS.map((zoom) => ({ value: zoom, label: t(`appearance.zooms.${zoom}`) }))}
          />
        </Fact>
      </dl>
    </Section>
  );
}
