import { Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTag } from "@tabler/icons-react";
import { useId } from "react";
import type { TagCategoryView } from "../api/schema";
import type { Tagging } from "./assigned";
import { byId, inOrder } from "./known";
import { TagLabels } from "./label";
import { SaveState } from "./save-state";
import { TagView } from "./tag-view";
import { useWords } from "./words";

interface TagSectionProps {
  categories: readonly TagCategoryView[];
  own: readonly string[];
  /** How many photographs each inherited tag comes from. */
  inherited?: ReadonlyMap<string, number>;
  mayChange: boolean;
  tagging: Tagging;
}

/** The tags of something; who may gives and takes them with a click each. */
export function TagSection({ categories, own, inherited = NONE, mayChange, tagging }: TagSectionProps) {
  const { t } = useWords();
  const heading = useId();
  const [editing, { toggle }] = useDisclosure();
  const tags = inOrder(byId(categories), [...own, ...inherited.keys()]);
  return (
    <Box component="section" aria-labelledby={heading}>
      <Group justify="space-between" mb={6} mih={30}>
        <Title order={3} id={heading}>
          {t("tags")}
        </Title>
        {mayChange && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconTag size={15} stroke={1.8} />}
            aria-expanded={editing}
            onClick={toggle}
          >
            {t(editing ? "done" : "edit")}
          </Button>
        )}
      </Group>
      {editing ? (
        <Stack gap="xs">
          <SaveState {...tagging} />
          <TagView
            categories={categories}
            own={new Set(own)}
            inherited={inherited}
            onToggle={(tag, wanted) => tagging.mutate({ tag, wanted })}
          />
        </Stack>
      ) : (
        <>
          <TagLabels tags={tags} sources={(tag) => (own.includes(tag) ? undefined : inherited.get(tag))} />
          {tags.length === 0 && (
            <Text size="sm" c="dimmed">
              {t("none")}
            </Text>
          )}
        </>
      )}
    </Box>
  );
}

const NONE: ReadonlyMap<string, number> = new Map();
