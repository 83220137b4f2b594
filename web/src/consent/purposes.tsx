import { Checkbox, Stack, Text, TextInput } from "@mantine/core";
import type { Purpose } from "../api/schema";
import { today } from "../ui/dates";
import { useWords } from "./words";

export const PURPOSES: readonly Purpose[] = ["care", "teaching", "publication", "research", "marketing"];

export interface Terms {
  purposes: Purpose[];
  /** The last day, YYYY-MM-DD; empty where there is none. */
  lastDay: string;
}

interface TermsFieldsProps {
  value: Terms;
  onChange: (value: Terms) => void;
  faults: Readonly<Record<string, string>>;
}

/** What consent is given for, and until when (CON-7). */
export function TermsFields({ value, onChange, faults }: TermsFieldsProps) {
  const { t } = useWords();
  return (
    <Stack gap="md">
      <Checkbox.Group
        label={t("purposes.label")}
        value={value.purposes}
        onChange={(purposes) => onChange({ ...value, purposes: purposes as Purpose[] })}
        error={faults.purposes}
      >
        <Stack gap="xs" mt="xs">
          {PURPOSES.map((purpose) => (
            <Checkbox key={purpose} value={purpose} label={t(`purposes.${purpose}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      {value.purposes.length > 0 && !value.purposes.includes("care") && (
        <Text size="sm" c="dimmed" role="status">
          {t("purposes.careNeeded")}
        </Text>
      )}
      <TextInput
        type="date"
        label={t("until")}
        description={t("untilAbout")}
        value={value.lastDay}
        min={today(undefined)}
        onChange={(event) => onChange({ ...value, lastDay: event.currentTarget.value })}
        error={faults.until}
        maw={320}
      />
    </Stack>
  );
}

/** When a consent ends whose last day this is: when that day does, where the browser is. */
export function endOf(lastDay: string): string | null {
  return lastDay === "" ? null : new Date(`${lastDay}T23:59:59.999`).toISOString();
}
