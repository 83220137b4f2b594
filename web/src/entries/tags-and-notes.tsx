import type { EntryView } from "../api/schema";
import { NotesEditor } from "../notes/editor";

/** What was written down at a visit. */
export function TagsAndNotes({ entry, mayTreat }: { entry: EntryView; mayTreat: boolean }) {
  return <NotesEditor entry={entry} readOnly={!mayTreat} />;
}
