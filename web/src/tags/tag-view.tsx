import { Text, Tooltip } from "@mantine/core";
import { IconCheck, IconMinus, IconPhoto } from "@tabler/icons-react";
import type { TagCategoryView } from "../api/schema";
import { byId, type KnownTag } from "./known";
import { useAboutTag } from "./label";
import { shadesOf } from "./palette";
import classes from "./tag-view.module.css";
import { useWords } from "./words";

interface TagViewProps {
  categories: readonly TagCategoryView[];
  own: ReadonlySet<string>;
  /** What only some of several things have. */
  some?: ReadonlySet<string>;
  /** How many photographs each inherited tag comes from. */
  inherited?: ReadonlyMap<string, number>;
  onToggle: (tag: string, wanted: boolean) => void;
}

/** All tags by category, each given and taken away by one click (POOL-5). Retired ones are there where they are used. */
export function TagView({ categories, own, some = NONE, inherited = new Map(), onToggle }: TagViewProps) {
  const { t } = useWords();
  const known = byId(categories);
  const shown = categories.map((category) => ({
    category,
    tags: category.tags
      .map(({ id }) => known.get(id))
      .filter((tag) => tag !== undefined)
      .filter(({ id, retired }) => !retired || own.has(id) || some.has(id) || inherited.has(id)),
  }));
  if (shown.every(({ tags }) => tags.length === 0)) return <Text c="dimmed">{t("noneThere")}</Text>;
  return (
    <div>
      {shown
        .filter(({ tags }) => tags.length > 0)
        .map(({ category, tags }) => (
          <fieldset key={category.id} className={classes.category} style={shadesOf(category.colour)}>
            <legend className={classes.legend}>
              <bdi>{category.name}</bdi>
            </legend>
            <div className={classes.options}>
              {tags.map((tag) => (
                <Option
                  key={tag.id}
                  tag={tag}
                  own={own.has(tag.id)}
                  some={some.has(tag.id)}
                  sources={inherited.get(tag.id)}
                  onToggle={onToggle}
                />
              ))}
            </div>
          </fieldset>
        ))}
    </div>
  );
}

interface OptionProps {
  tag: KnownTag;
  own: boolean;
  some: boolean;
  sources: number | undefined;
  onToggle: (tag: string, wanted: boolean) => void;
}

function Option({ tag, own, some, sources, onToggle }: OptionProps) {
  const { t } = useWords();
  const says = useAboutTag()(tag, sources);
  // what photographs have cannot be taken away here: said, rather than refused
  const fixed = !own && sources !== undefined;
  return (
    <Tooltip label={says} multiline maw={300} disabled={sources === undefined && !tag.retired} events={WITH_FOCUS}>
      <button
        type="button"
        className={classes.option}
        aria-pressed={some ? "mixed" : own || fixed}
        aria-disabled={fixed || undefined}
        aria-description={sources === undefined ? undefined : says}
        onClick={() => !fixed && onToggle(tag.id, !own)}
      >
        <Sign own={own} some={some} inherited={sources !== undefined} />
        <bdi>{tag.name}</bdi>
        {tag.retired && (
          <Text component="span" size="xs" inherit>
            ({t("retired")})
          </Text>
        )}
      </button>
    </Tooltip>
  );
}

function Sign({ own, some, inherited }: { own: boolean; some: boolean; inherited: boolean }) {
  if (inherited) return <IconPhoto size={15} stroke={1.9} className={classes.sign} aria-hidden />;
  if (some) return <IconMinus size={15} stroke={2.4} className={classes.sign} aria-hidden />;
  if (own) return <IconCheck size={15} stroke={2.4} className={classes.sign} aria-hidden />;
  return <span className={classes.mark} aria-hidden />;
}

const NONE: ReadonlySet<string> = new Set();
const WITH_FOCUS = { hover: true, focus: true, touch: true };
