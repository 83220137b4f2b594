import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

const SCHEMES = ["light", "dark", "auto"] as const;

interface ThemeChoiceProps {
  onChoose: (theme: (typeof SCHEMES)[number]) => void;
  fullWidth?: boolean;
}

/** Light, dark, or as the system has it. */
export function ThemeChoice({ onChoose, fullWidth = false }: ThemeChoiceProps) {
  const { t } = useTranslation();
  const { colorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      fullWidth={fullWidth}
      aria-label={t("frame.theme.label")}
      value={colorScheme}
      onChange={(scheme) => onChoose(scheme as (typeof SCHEMES)[number])}
      data={SCHEMES.map((scheme) => ({ value: scheme, label: t(`frame.theme.${scheme}`) }))}
    />
  );
}
