import { Text } from "@mantine/core";
import { Link } from "react-router";
import type { EntryCard } from "../api/schema";
import { usePersonName } from "../properties/person";
import { dayOf, formatFullDate, formatInstant, formatted } from "../ui/dates";
import classes from "./timeline.module.css";
import { useWords } from "./words";

/** A visit in the timeline: when it was, and who wrote it down. */
export function TimelineEntry({ entry, timeZone }: { entry: EntryCard; timeZone: string | undefined }) {
  const { t } = useWords();
  const author = usePersonName(entry.created_by);
  const at = new Date(entry.appointment);
  return (
    <li className={classes.entry} data-entry={entry.id}>
      <Link
        to={entry.id}
        className={classes.card}
        aria-label={t("open", { when: formatInstant(entry.appointment, timeZone) })}
      >
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
      </Link>
    </li>
  );
}
