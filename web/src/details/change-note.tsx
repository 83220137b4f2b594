import { Button, Group, Text } from "@mantine/core";
import type { Draft } from "../forms/draft";
import type { Typed } from "../patients/form";
import { formatDate } from "../ui/dates";
import classes from "./change-note.module.css";
import { useWords, type Words } from "./words";

interface ChangeNoteProps {
  name: keyof Typed;
  draft: Draft<Typed>;
  kept: Typed;
}

/** Below a field that is not saved: what is kept of it, and the way back there. Nothing below the others. */
export function ChangeNote({ name, draft, kept }: ChangeNoteProps) {
  const { t } = useWords();
  if (!(name in draft.changes)) return null;
  const overtaken = draft.overtaken.has(name);
  const field = name === "record_numbers" ? t("numbers") : t(`translation:create.fields.${name}`);
  return (
    <Group
      gap="xs"
      wrap="nowrap"
      justify="space-between"
      className={classes.note}
      data-overtaken={overtaken || undefined}
    >
      <Text size="xs" lineClamp={3} className={classes.kept} role={overtaken ? "alert" : undefined}>
        {t(overtaken ? "overtaken" : "before", { value: inWords(name, kept, t) })}
      </Text>
      <Button
        size="compact-xs"
        variant="subtle"
        flex="none"
        aria-label={t("undoOf", { field })}
        onClick={() => draft.undo(name)}
      >
        {t("undo")}
      </Button>
    </Group>
  );
}

function inWords(name: keyof Typed, kept: Typed, t: Words): string {
  const value = kept[name];
  if (value === null || value.length === 0) return t("empty");
  if (Array.isArray(value)) return value.map((one) => `${one.system} ${one.number}`).join(", ");
  if (name === "sex" && kept.sex !== null) return t(`translation:create.sexes.${kept.sex}`);
  return name === "date_of_birth" ? formatDate(value) : value;
}
