import { Button, Group, Text } from "@mantine/core";
import type { Draft } from "../forms/draft";
import type { Typed } from "../patients/form";
import classes from "./change-note.module.css";
import { fieldName, inWords } from "./in-words";
import { useWords } from "./words";

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
  const field = fieldName(name, t);
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
