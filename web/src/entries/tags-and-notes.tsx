import { Text } from "@mantine/core";
import type { EntryView } from "../api/schema";
import { useWords } from "./words";

/** What was written down at a visit. */
export function TagsAndNotes({ entry }: { entry: EntryView }) {
  const { t } = useWords();
  if (entry.notes === "") return <Text c="dimmed">{t("notes.empty")}</Text>;
  return <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{entry.notes}</Text>;
}
