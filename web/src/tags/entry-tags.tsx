import { Skeleton } from "@mantine/core";
import type { EntryView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { ErrorState } from "../ui/error-state";
import { useAssignedTags, useTagging } from "./assigned";
import { TagSection } from "./tag-section";
import { useCategories } from "./tags";

/** The tags of an entry, its own and those of the photographs in its workspace. */
export function EntryTags({ entry }: { entry: EntryView }) {
  const bearer = { patient: entry.patient, entry: entry.id };
  const { data: tags, error, refetch } = useAssignedTags(bearer);
  const categories = useCategories(entry.site);
  const mayChange = useMayContribute(usePatient(entry.patient).data);
  const tagging = useTagging(bearer);
  if (tags === undefined && error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (tags === undefined || categories === undefined) return <Skeleton h={56} />;
  return (
    <TagSection
      categories={categories}
      own={tags.own}
      inherited={new Map(tags.inherited.map(({ tag, sources }) => [tag, sources]))}
      mayChange={mayChange}
      tagging={tagging}
    />
  );
}
