import { Drawer, Skeleton, Stack, Text } from "@mantine/core";
import type { PatientView, TagCategoryView } from "../api/schema";
import { shownName } from "../patients/person";
import { ErrorState } from "../ui/error-state";
import { useAssignedTags, useTagging } from "./assigned";
import { byId, inOrder } from "./known";
import { TagLabels } from "./label";
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
  const { data: tags, error, refetch } = useAssignedTags({ patient: patient.id });
  const tagging = useTagging({ patient: patient.id });
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
            <SaveState {...tagging} />
            <TagView
              categories={categories}
              own={new Set(tags.own)}
              inherited={inherited}
              onToggle={(tag, wanted) => tagging.mutate({ tag, wanted })}
            />
          </>
        )}
        {tags !== undefined && !mayChange && (
          <>
            <TagLabels
              tags={inOrder(byId(categories), [...tags.own, ...inherited.keys()])}
              sources={(tag) => (tags.own.includes(tag) ? undefined : inherited.get(tag))}
            />
            <Text size="sm" c="dimmed">
              {t("mayNot")}
            </Text>
          </>
        )}
      </Stack>
    </Drawer>
  );
}
