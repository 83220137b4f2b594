import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

const SCHEMES = ["light", "dark", "auto"] as const;

/** Light, dark, or as the system has it, for this device. */
export function ThemeChoice({ fullWidth = false }: { fullWidth?: boolean }) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      fullWidth={fullWidth}
      aria-label={t("frame.theme.label")}
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as (typeof SCHEMES)[number])}
      data={SCHEMES.map((scheme) => ({ value: scheme, label: t(`frame.theme.${scheme}`) }))}
    />
  );
}
