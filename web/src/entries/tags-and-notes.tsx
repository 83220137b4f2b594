import { Stack } from "@mantine/core";
import type { EntryView } from "../api/schema";
import { NotesEditor } from "../notes/editor";
import { EntryTags } from "../tags/entry-tags";

/** What was written down at a visit, and by which tags it is found. */
export function TagsAndNotes({ entry, mayTreat }: { entry: EntryView; mayTreat: boolean }) {
  return (
    <Stack gap="lg">
      <EntryTags entry={entry} />
      <NotesEditor entry={entry} readOnly={!mayTreat} />
    </Stack>
  );
}
