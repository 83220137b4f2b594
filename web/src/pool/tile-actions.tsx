import { IconCheck, IconGripVertical, IconInfoCircle, IconTag } from "@tabler/icons-react";
import { memo, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { usePoolExtras } from "./extras";
import type { TileHand } from "./tile";
import classes from "./tile.module.css";
import { useWords } from "./words";

interface TileActionsProps {
  image: ImageView;
  /** When it was taken, in words. */
  when: string;
  selected: boolean;
  /** Whether its buttons are on the way of the Tab key. */
  active: boolean;
  /** Whether somebody is at this card: who only looks at the pool sees photographs. */
  near: boolean;
  /** Whether it can be selected from here. */
  checkable: boolean;
  mayChange: boolean;
  grip: RefObject<HTMLButtonElement | null>;
  hand: TileHand;
}

/** What can be done with a photograph from its card. Many cards appear at once: titles do, where tooltips cost time. */
export const TileActions = memo(function TileActions(props: TileActionsProps) {
  const { image, when, selected, active, near, checkable, mayChange, grip, hand } = props;
  const { t } = useTranslation();
  const { t: w } = useWords();
  const { actions } = usePoolExtras();
  const tabIndex = active ? 0 : -1;
  return (
    <>
      {checkable && (
        <button
          type="button"
          aria-pressed={selected}
          className={classes.check}
          title={w("select")}
          aria-label={w("selectOf", { when })}
          tabIndex={tabIndex}
          onClick={(event) => hand.select(image.id, event.shiftKey)}
        >
          <IconCheck size={16} stroke={2.6} aria-hidden />
        </button>
      )}
      <div className={classes.actions} data-near={near || undefined}>
        {near && actions?.(image)}
        {near && mayChange && (
          <>
            <button
              type="button"
              className={classes.action}
              title={w("tag")}
              aria-label={w("tagOf", { when })}
              tabIndex={tabIndex}
              onClick={() => hand.tag(image.id)}
            >
              <IconTag size={17} stroke={1.7} />
            </button>
            <button
              ref={grip}
              type="button"
              className={classes.grip}
              title={w("reorder")}
              aria-label={w("reorderOf", { when })}
              aria-haspopup="menu"
              tabIndex={tabIndex}
              onClick={(event) => hand.grip(image.id, event.currentTarget)}
            >
              <IconGripVertical size={17} stroke={1.7} />
            </button>
          </>
        )}
        {/* the last: it stays where it is when the others appear */}
        <button
          type="button"
          className={classes.action}
          title={t("pool.properties")}
          aria-label={t("pool.propertiesOf", { when })}
          tabIndex={tabIndex}
          onClick={() => hand.properties(image.id)}
        >
          <IconInfoCircle size={17} stroke={1.7} />
        </button>
      </div>
    </>
  );
});
