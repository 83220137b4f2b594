import { Drawer, Skeleton, Stack, Text } from "@mantine/core";
import type { PatientView, TagCategoryView } from "../api/schema";
import { shownName } from "../patients/person";
import { ErrorState } from "../ui/error-state";
import { usePatientTags, useTagPatient } from "./assigned";
import { byId, inOrder } from "./known";
import { TagLabel } from "./label";
import classes from "./label.module.css";
import { SaveState } from "./save-state";
import { TagView } from "./tag-view";
import { useWords } from "./words";

interface PatientTagsDrawerProps {
  patient: PatientView;
  mayChange: boolean;
  categories: readonly TagCategoryView[];
  onClose: () => void;
}

/** All tags of a patient and where they come from; who may gives and takes them with a click each. */
export function PatientTagsDrawer({ patient, mayChange, categories, onClose }: PatientTagsDrawerProps) {
  const { t } = useWords();
  const { data: tags, error, refetch } = usePatientTags(patient.id);
  const tagging = useTagPatient(patient.id);
  const inherited = new Map(tags?.inherited.map(({ tag, sources }) => [tag, sources]));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(100vw, 420px)"
      title={t("ofPatient")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack gap="md">
        <Text size="sm">
          <bdi>{shownName(patient)}</bdi> · {patient.unique_id}
        </Text>
        {tags === undefined && error === null && <Skeleton h={160} />}
        {tags === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        {tags !== undefined && mayChange && (
          <>
            <Text size="sm" c="dimmed">
              {t("about")} {inherited.size > 0 && t("aboutInherited")}
            </Text>
            <TagView
              categories={categories}
              own={new Set(tags.own)}
              inherited={inherited}
              onToggle={(tag, wanted) => tagging.mutate({ tag, wanted })}
            />
            <SaveState {...tagging} />
          </>
        )}
        {tags !== undefined && !mayChange && (
          <>
            <ul className={classes.labels} aria-label={t("tags")}>
              {inOrder(byId(categories), [...tags.own, ...inherited.keys()]).map((tag) => (
                <li key={tag.id}>
                  <TagLabel tag={tag} sources={tags.own.includes(tag.id) ? undefined : inherited.get(tag.id)} />
                </li>
              ))}
            </ul>
            <Text size="sm" c="dimmed">
              {t("mayNot")}
            </Text>
          </>
        )}
      </Stack>
    </Drawer>
  );
}
