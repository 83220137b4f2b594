import { ChoiceField } from "../ui/choice-field";
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
    <ChoiceField
      label={t("enforcement.label")}
      about={t(`enforcement.${about}`)}
      choices={levels.map((level) => ({
        value: level,
        label: t(`enforcement.${level as "disabled"}`),
        about: t(`enforcement.${level as "disabled"}_about`),
      }))}
      value={value}
      onChange={onChange}
    />
  );
}
