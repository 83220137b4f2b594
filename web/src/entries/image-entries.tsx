import { Anchor, Skeleton } from "@mantine/core";
import { useEffect } from "react";
import { Link } from "react-router";
import type { EntryCard, ImageView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useSite } from "../session/session";
import { formatInstant } from "../ui/dates";
import { Fact, Facts } from "../ui/fact-list";
import { useEntries } from "./entries";
import classes from "./image-entries.module.css";
import { useWords } from "./words";

interface ImageEntriesProps {
  patient: string;
  image: ImageView;
}

/** The entries whose workspaces hold a photograph, among its properties (POOL-12). */
export function ImageEntries({ patient, image }: ImageEntriesProps) {
  return image.entries.length > 0 && <Found patient={patient} ids={image.entries} />;
}

function Found({ patient, ids }: { patient: string; ids: readonly string[] }) {
  const { t } = useWords();
  const zone = useSite(usePatient(patient).data?.site)?.time_zone;
  const entries = useEntriesOf(patient, ids);
  return (
    <Facts title={t("uses.title")}>
      <Fact name={t("uses.workspaces")}>
        {entries.length === 0 ? (
          <Skeleton h={18} />
        ) : (
          <ul className={classes.entries}>
            {entries.map(({ id, appointment }) => (
              <li key={id}>
                <Anchor component={Link} to={`/patients/${patient}/entries/${id}`}>
                  {t("open", { when: formatInstant(appointment, zone) })}
                </Anchor>
              </li>
            ))}
          </ul>
        )}
      </Fact>
    </Facts>
  );
}

/** Some entries of a patient, latest appointment first; the list is loaded as far as they are in it. */
function useEntriesOf(patient: string, ids: readonly string[]): EntryCard[] {
  const { data, hasNextPage, isFetching, fetchNextPage } = useEntries(patient);
  const found = data?.pages.flatMap(({ entries }) => entries.filter(({ id }) => ids.includes(id))) ?? [];
  const more = hasNextPage && !isFetching && found.length < ids.length;
  useEffect(() => {
    if (more) void fetchNextPage();
  }, [more, fetchNextPage]);
  return found;
}
