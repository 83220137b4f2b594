import { Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTag } from "@tabler/icons-react";
import { useId } from "react";
import type { ImageView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { useTagImage } from "./assigned";
import { byId, inOrder } from "./known";
import { TagLabels } from "./label";
import { SaveState } from "./save-state";
import { TagView } from "./tag-view";
import { useCategories } from "./tags";
import { useWords } from "./words";

/** The tags of a photograph, among its properties; who may gives and takes them with a click each. */
export function TagFacts({ image }: { image: ImageView }) {
  const { t } = useWords();
  const heading = useId();
  const categories = useCategories(image.site);
  const mayChange = useMayContribute(usePatient(image.patient).data) && image.state !== "rejected";
  const [editing, { toggle }] = useDisclosure();
  const tagging = useTagImage(image);
  if (categories === undefined) return null;
  const tags = inOrder(byId(categories), image.tags ?? []);
  return (
    <Box component="section" aria-labelledby={heading} mt="md">
      <Group justify="space-between" mb={6}>
        <Title order={3} id={heading} size="sm" c="dimmed" fw={600}>
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
        <Stack gap="sm">
          <TagView
            categories={categories}
            own={new Set(image.tags ?? [])}
            onToggle={(tag, wanted) => tagging.mutate({ tag, wanted })}
          />
          <SaveState {...tagging} />
        </Stack>
      ) : (
        <>
          <TagLabels tags={tags} />
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
