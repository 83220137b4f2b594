import { Radio, Stack } from "@mantine/core";
import { useWords } from "./words";

interface EnforcementFieldProps<T extends string> {
  about: "about" | "siteAbout";
  levels: readonly T[];
  value: T;
  onChange: (level: T) => void;
}

/** What a missing consent means, each level with its effect beside it (CON-1). */
export function EnforcementField<T extends "installation" | "disabled" | "advisory" | "required">(
  props: EnforcementFieldProps<T>,
) {
  const { t } = useWords();
  const { about, levels, value, onChange } = props;
  return (
    <Radio.Group
      label={t("enforcement.label")}
      description={t(`enforcement.${about}`)}
      value={value}
      onChange={(level) => onChange(level as T)}
    >
      <Stack gap="sm" mt="sm">
        {levels.map((level) => (
          <Radio
            key={level}
            value={level}
            label={t(`enforcement.${level as "disabled"}`)}
            description={t(`enforcement.${level as "disabled"}_about`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
