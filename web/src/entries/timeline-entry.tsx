import { Text, VisuallyHidden } from "@mantine/core";
import { Link } from "react-router";
import type { EntryCard } from "../api/schema";
import { usePersonName } from "../properties/person";
import { dayOf, formatFullDate, formatInstant, formatted } from "../ui/dates";
import { renditionAddress } from "../viewer/sources";
import { usePreview } from "./previews";
import classes from "./timeline.module.css";
import { useWords } from "./words";

/** A visit in the timeline: when it was, and who wrote it down. */
export function TimelineEntry({ entry, timeZone }: { entry: EntryCard; timeZone: string | undefined }) {
  const { t } = useWords();
  const author = usePersonName(entry.created_by);
  const at = new Date(entry.appointment);
  return (
    <li className={classes.entry} data-entry={entry.id}>
      <Link to={entry.id} className={classes.card}>
        <VisuallyHidden>{t("open", { when: formatInstant(entry.appointment, timeZone) })}</VisuallyHidden>
        <Text component="time" dateTime={entry.appointment} fw={600} display="block">
          {formatFullDate(dayOf(at, timeZone))}
        </Text>
        <Text size="sm" c="dimmed">
          {formatted({ timeStyle: "short", timeZone }).format(at)}
          {author !== undefined && (
            <>
              {" · "}
              <bdi>{t("by", { name: author })}</bdi>
            </>
          )}
        </Text>
        <Preview entry={entry} />
      </Link>
    </li>
  );
}

function Preview({ entry }: { entry: EntryCard }) {
  const { t } = useWords();
  const preview = usePreview(entry.patient, entry.id);
  if (preview === null || preview === undefined) return null;
  const more = preview.total - preview.images.length;
  return (
    <span className={classes.preview} data-photographs={preview.total}>
      {preview.images.map((tile) => (
        <img key={tile.id} src={renditionAddress(tile, 320)} alt="" className={classes.photograph} decoding="async" />
      ))}
      {more > 0 && (
        <Text component="span" size="sm" c="dimmed">
          {t("workspace.more", { count: more })}
        </Text>
      )}
    </span>
  );
}
