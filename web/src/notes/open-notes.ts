import { answered, api } from "../api/client";
import type { EntryView, NotesHistory, NotesView } from "../api/schema";
import { notesAre } from "../entries/entries";
import { reportUnsaved } from "../saving/unsaved";
import { onUser, sessionNow } from "../session/session";
import { type Notes, NotesSync } from "./sync";

const PATH = "/api/v1/patients/{patient}/entries/{entry}/notes";

/** Which entry's notes, of which patient. */
export interface OfEntry {
  patient: string;
  entry: string;
}

/** The notes that are shown or not saved yet, by entry, and whose they are. */
const open = new Map<string, { user: string; sync: NotesSync }>();

onUser((user) => {
  // what somebody typed is nobody else's, and not kept for who chose to leave
  for (const [entry, notes] of open) {
    if (notes.user === user) {
      notes.sync.resume();
    } else {
      notes.sync.close();
      open.delete(entry);
    }
  }
});
if (typeof addEventListener === "function") {
  addEventListener("online", () => {
    for (const { sync } of open.values()) sync.flush();
  });
}

/** The notes of an entry, as they are typed here: the same ones for as long as something is not saved. */
export function notesOf(entry: EntryView): NotesSync {
  for (const [id, { sync }] of open) if (id !== entry.id && sync.idle) open.delete(id);
  const known = open.get(entry.id);
  if (known !== undefined) return known.sync;
  const of = { patient: entry.patient, entry: entry.id };
  const notes = { text: entry.notes, version: entry.notes_version, saved_by: null };
  const sync = new NotesSync(
    {
      save: (text, base, key) => save(of, text, base, key),
      load: () => loadNotes(of),
      report: (unsaved) => reportUnsaved(`notes ${of.entry}`, unsaved),
      kept: ({ text, version }) => notesAre(of.patient, of.entry, text, version),
    },
    notes,
  );
  open.set(entry.id, { user: sessionNow()?.user ?? "", sync });
  return sync;
}

function save({ patient, entry }: OfEntry, text: string, base: number, key: string): Promise<Notes> {
  return answered(
    api.PUT(PATH, {
      params: { path: { patient, entry }, header: { "Idempotency-Key": key } },
      body: { text, base_version: base },
    }),
  );
}

function loadNotes({ patient, entry }: OfEntry): Promise<NotesView> {
  return answered(api.GET(PATH, { params: { path: { patient, entry } } }));
}

/** Who saved the notes of an entry, and when. */
export function loadHistory({ patient, entry }: OfEntry): Promise<NotesHistory> {
  return answered(api.GET(`${PATH}/versions`, { params: { path: { patient, entry } } }));
}

/** The notes of an entry as they were. */
export function loadVersion({ patient, entry }: OfEntry, version: number): Promise<NotesView> {
  return answered(api.GET(`${PATH}/versions/{version}`, { params: { path: { patient, entry, version } } }));
}
