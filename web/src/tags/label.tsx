import { Tooltip } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import type { TagColour } from "../api/schema";
import type { KnownTag } from "./known";
import classes from "./label.module.css";
import { shadesOf } from "./palette";
import { useWords } from "./words";

interface LabelProps {
  name: string;
  colour: TagColour;
  retired?: boolean;
  inherited?: boolean;
}

/** A tag as it looks everywhere: its name on the colour of its category, never the colour alone. */
export function Label({ name, colour, retired = false, inherited = false }: LabelProps) {
  return (
    <span className={classes.label} style={shadesOf(colour)} data-retired={retired || undefined}>
      {inherited ? (
        <IconPhoto size={14} stroke={1.9} className={classes.sign} aria-hidden />
      ) : (
        <span className={classes.mark} aria-hidden />
      )}
      <bdi className={classes.name}>{name}</bdi>
    </span>
  );
}

interface TagLabelProps {
  tag: KnownTag;
  /** How many photographs it comes from, where it is not the thing's own. */
  sources?: number | undefined;
}

/** A tag with its category, and where it comes from, as a tooltip and for those who listen. */
export function TagLabel({ tag, sources }: TagLabelProps) {
  const says = useAboutTag()(tag, sources);
  return (
    <Tooltip label={says} multiline maw={300}>
      <span role="img" aria-label={says} style={{ display: "inline-flex", maxWidth: "100%" }}>
        <Label {...tag} inherited={sources !== undefined} />
      </span>
    </Tooltip>
  );
}

interface TagLabelsProps {
  tags: readonly KnownTag[];
  /** How many photographs a tag comes from, where it is not the thing's own. */
  sources?: (tag: string) => number | undefined;
}

/** Tags in a row; nothing where there is none. */
export function TagLabels({ tags, sources }: TagLabelsProps) {
  const { t } = useWords();
  if (tags.length === 0) return null;
  return (
    <ul className={classes.labels} aria-label={t("tags")}>
      {tags.map((tag) => (
        <li key={tag.id}>
          <TagLabel tag={tag} sources={sources?.(tag.id)} />
        </li>
      ))}
    </ul>
  );
}

/** What there is to say of a tag in words: its category, whether it is retired or inherited. */
export function useAboutTag(): (tag: KnownTag, sources?: number) => string {
  const { t } = useWords();
  return ({ category, name, retired }, sources) => {
    const named = { category, tag: name };
    if (sources !== undefined) return t("labelInherited", { ...named, count: sources });
    return t(retired ? "labelRetired" : "label", named);
  };
}
