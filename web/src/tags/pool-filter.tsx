import { Badge, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { memo, useId, useMemo } from "react";
import type { ImageView } from "../api/schema";
import { counted } from "./filtering";
import { byId, inOrder } from "./known";
import { shadesOf } from "./palette";
import classes from "./pool-filter.module.css";
import view from "./tag-view.module.css";
import { useCategories } from "./tags";
import { useWords } from "./words";

interface PoolFilterProps {
  site: string | undefined;
  images: ReadonlyMap<string, ImageView>;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Chooses the tags of which a photograph needs one to be shown (POOL-9). Not there while no photograph has any. */
export const PoolFilter = memo(function PoolFilter({ site, images, chosen, onChoose }: PoolFilterProps) {
  const { t } = useWords();
  const panel = useId();
  const [opened, { toggle }] = useDisclosure();
  const categories = useCategories(site);
  const counts = useMemo(() => counted(images), [images]);
  const tags = inOrder(byId(categories ?? []), [...counts.keys(), ...chosen]);
  if (tags.length === 0) return null;
  return (
    <div className={classes.panel}>
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFilter size={15} stroke={1.8} />}
          rightSection={
            chosen.size > 0 && (
              <Badge size="sm" circle role="img" aria-label={t("filter.active", { count: chosen.size })}>
                {chosen.size}
              </Badge>
            )
          }
          aria-expanded={opened}
          aria-controls={panel}
          onClick={toggle}
        >
          {t("filter.title")}
        </Button>
        {chosen.size > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChoose(new Set())}>
            {t("filter.clear")}
          </Button>
        )}
      </Group>
      <div id={panel} hidden={!opened}>
        <Text size="sm" c="dimmed" my={8}>
          {t("filter.about")}
        </Text>
        <div className={classes.options}>
          {tags.map(({ id, name, category, colour }) => {
            const count = counts.get(id) ?? 0;
            return (
              <button
                key={id}
                type="button"
                className={view.option}
                style={shadesOf(colour)}
                title={category}
                aria-pressed={chosen.has(id)}
                aria-label={t("filter.option", { category, tag: name, count })}
                onClick={() => onChoose(toggled(chosen, id))}
              >
                <span className={view.mark} aria-hidden />
                <bdi>{name}</bdi> <span className={classes.count}>{count}</span>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
});

/** What is shown where no photograph has any of the chosen tags. */
export function NothingMatches() {
  const { t } = useWords();
  return (
    <Text role="status" c="dimmed" ta="center" p="xl">
      {t("filter.none")}
    </Text>
  );
}

function toggled(chosen: ReadonlySet<string>, tag: string): ReadonlySet<string> {
  const now = new Set(chosen);
  if (!now.delete(tag)) now.add(tag);
  return now;
}
