import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { ImageView } from "../api/schema";
import { TagView } from "../tags/tag-view";
import { useCategories } from "../tags/tags";
import { retag, whyNot } from "./bulk";
import { sharesOf } from "./retagging";
import { useWords } from "./words";

interface TaggingDialogProps {
  patient: string;
  site: string | undefined;
  images: readonly ImageView[];
  onClose: () => void;
}

/** The tags of several photographs: given to all or taken from all by a click each, and then applied (POOL-15). */
export function TaggingDialog({ patient, site, images, onClose }: TaggingDialogProps) {
  const { t } = useWords();
  const categories = useCategories(site);
  const shares = useMemo(() => sharesOf(images), [images]);
  const [wishes, setWishes] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const own = new Set([...shares].filter(([tag, share]) => share === "all" && !wishes.has(tag)).map(([tag]) => tag));
  for (const [tag, wanted] of wishes) if (wanted) own.add(tag);
  const some = new Set([...shares].filter(([tag, share]) => share === "some" && !wishes.has(tag)).map(([tag]) => tag));
  const toggle = (tag: string, wanted: boolean) => {
    const now = new Map(wishes);
    // what was partly there comes back on the way around; all else is as it was, or not
    const before = shares.get(tag) ?? "none";
    if (before === (wanted ? "all" : "none")) now.delete(tag);
    else now.set(tag, wanted);
    setWishes(now);
  };
  const apply = async () => {
    setWorking(true);
    setError(null);
    const wished = (wanted: boolean) => [...wishes].filter(([, wish]) => wish === wanted).map(([tag]) => tag);
    try {
      await retag(patient, images, wished(true), wished(false));
      onClose();
    } catch (problem) {
      setError(problem);
      setWorking(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("tagging.title", { count: images.length })}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      <Stack gap="md">
        {images.length > 1 && (
          <Text size="sm" c="dimmed">
            {t("tagging.about")}
          </Text>
        )}
        {categories === undefined ? (
          <Skeleton h={120} />
        ) : (
          <TagView categories={categories} own={own} some={some} onToggle={toggle} />
        )}
        {error !== null && <Alert color="red">{whyNot(error, images.length)}</Alert>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("translation:ui.cancel")}
          </Button>
          <Button loading={working} disabled={wishes.size === 0} onClick={() => void apply()}>
            {t("tagging.apply")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
