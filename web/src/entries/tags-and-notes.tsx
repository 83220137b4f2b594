import { Stack, Text } from "@mantine/core";
import type { EntryView } from "../api/schema";
import { EntryTags } from "../tags/entry-tags";
import { useWords } from "./words";

/** What was written down at a visit. */
export function TagsAndNotes({ entry }: { entry: EntryView }) {
  const { t } = useWords();
  return (
    <Stack gap="lg">
      <EntryTags entry={entry} />
      {entry.notes === "" ? (
        <Text c="dimmed">{t("notes.empty")}</Text>
      ) : (
        <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{entry.notes}</Text>
      )}
    </Stack>
  );
}
