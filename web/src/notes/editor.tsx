import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import type { EntryView } from "../api/schema";
import { entryAsOf } from "../entries/entries";
import { ProblemAlert } from "../forms/problem-alert";
import { useLivePatient } from "../live/live";
import { part } from "../ui/part";
import classes from "./editor.module.css";
import { moved } from "./merging";
import { notesOf } from "./open-notes";
import type { NotesSync } from "./sync";
import { useWords } from "./words";

const ClashPanel = lazy(part(async () => ({ default: (await import("./clash-panel")).ClashPanel })));
const History = lazy(part(async () => ({ default: (await import("./history")).History })));

/** What the server keeps; it counts characters, a browser's string the halves of some. */
const LONGEST = 50_000;
const FRESH_MS = 2_000;

/** The notes of an entry: typed, saved and merged by themselves (ENT-3). */
export function NotesEditor({ entry, readOnly }: { entry: EntryView; readOnly: boolean }) {
  const { t } = useWords();
  const [notes] = useState(() => notesOf(entry));
  const { text, disagreement, problem } = useSyncExternalStore(notes.watch, notes.current);
  const [history, { open, close }] = useDisclosure();
  useNews(notes, entry);
  const tooLong = text.length > LONGEST && [...text].length > LONGEST;
  return (
    <Stack gap="sm">
      {disagreement !== null && (
        <Suspense>
          <ClashPanel disagreement={disagreement} onDecide={(decided) => notes.decide(decided)} />
        </Suspense>
      )}
      <ProblemAlert error={problem} />
      {readOnly ? <ReadOnly text={text} /> : <Area notes={notes} text={text} />}
      {tooLong && (
        <Text size="sm" c="red" role="alert">
          {t("tooLong", { most: LONGEST })}
        </Text>
      )}
      <Group justify="flex-end">
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconHistory size={15} stroke={1.6} />}
          onClick={open}
        >
          {t("history.open")}
        </Button>
      </Group>
      <Suspense>
        <History
          entry={entry}
          opened={history}
          onClose={close}
          onRestore={readOnly ? null : (restored) => notes.type(restored)}
        />
      </Suspense>
    </Stack>
  );
}

/** What others save is heard; what may have been missed is asked for. */
function useNews(notes: NotesSync, entry: EntryView): void {
  const { patient, id, notes_version: version } = entry;
  useLivePatient(patient, (news) => {
    if (news.type === "resync") notes.news(null);
    else if (news.event === "patients.notes_saved" && news.data.entry === id) notes.news(Number(news.data.version));
  });
  useEffect(() => notes.news(version), [notes, version]);
  useEffect(() => {
    if (Date.now() - entryAsOf(patient, id) > FRESH_MS) notes.news(null);
  }, [notes, patient, id]);
}

function ReadOnly({ text }: { text: string }) {
  const { t } = useWords();
  if (text === "") return <Text c="dimmed">{t("none")}</Text>;
  return <Text className={classes.text}>{text}</Text>;
}

/** A plain text area whose caret stays where it is while others write. */
function Area({ notes, text }: { notes: NotesSync; text: string }) {
  const { t } = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const last = useRef({ text, start: 0, end: 0 });
  useLayoutEffect(() => {
    const { current } = area;
    const before = last.current;
    if (current === null || before.text === text) return;
    last.current = { text, start: moved(before.start, before.text, text), end: moved(before.end, before.text, text) };
    // elsewhere there is no caret to keep, and setting one would take the focus in some browsers
    if (document.activeElement === current) current.setSelectionRange(last.current.start, last.current.end);
  }, [text]);
  const remember = (element: HTMLTextAreaElement) => {
    last.current = { text: element.value, start: element.selectionStart, end: element.selectionEnd };
  };
  return (
    <Textarea
      ref={area}
      aria-label={t("label")}
      placeholder={t("placeholder")}
      autosize
      minRows={6}
      value={text}
      classNames={{ input: classes.area }}
      onChange={(event) => {
        remember(event.currentTarget);
        notes.type(event.currentTarget.value);
      }}
      onSelect={(event) => remember(event.currentTarget)}
      onCompositionStart={() => notes.compose(true)}
      onCompositionEnd={() => notes.compose(false)}
      onBlur={() => notes.flush()}
    />
  );
}
