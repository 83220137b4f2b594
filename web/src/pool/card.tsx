import { memo } from "react";
import type { ImageView } from "../api/schema";
import { inOrder, type KnownTag } from "../tags/known";
import { Label, useAboutTag } from "../tags/label";
import { CaptionField } from "./caption-field";
import classes from "./card.module.css";
import { fitting, labelWidth } from "./fitting";
import type { Zoom } from "./layout";
import { useWords } from "./words";

interface CardProps {
  image: ImageView | undefined;
  zoom: Exclude<Zoom, "small">;
  width: number;
  known: ReadonlyMap<string, KnownTag>;
  mayChange: boolean;
}

/** What is said of a photograph below its picture: the rows are there, and as high, where there is nothing to say. */
export const Card = memo(function Card({ image, zoom, width, known, mayChange }: CardProps) {
  return (
    <div className={classes.card} data-size={zoom}>
      <div className={classes.caption}>
        {image !== undefined && <CaptionField image={image} size={zoom} readOnly={!mayChange} />}
      </div>
      <div className={classes.tags}>
        {image !== undefined && <CardTags tags={inOrder(known, image.tags ?? [])} width={width} />}
      </div>
    </div>
  );
});

/** As many labels as fit; how many more there are, and which. */
function CardTags({ tags, width }: { tags: readonly KnownTag[]; width: number }) {
  const { t } = useWords();
  const about = useAboutTag();
  if (tags.length === 0) return null;
  const shown = fitting(
    tags.map(({ name }) => labelWidth(name)),
    width,
  );
  const rest = tags.slice(shown).map((tag) => about(tag));
  return (
    <ul className={classes.labels} aria-label={t("tags")}>
      {tags.slice(0, shown).map((tag) => (
        <li key={tag.id} className={classes.label}>
          {/* many cards appear at once: a title does, where a tooltip each would cost time */}
          <span role="img" aria-label={about(tag)} title={about(tag)} className={classes.label}>
            <Label {...tag} />
          </span>
        </li>
      ))}
      {rest.length > 0 && (
        <li className={classes.more} title={rest.join("\n")}>
          <span aria-hidden>+{rest.length}</span>
          <span className={classes.heard}>{rest.join(", ")}</span>
        </li>
      )}
    </ul>
  );
}
