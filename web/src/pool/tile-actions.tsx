import { IconCheck, IconGripVertical, IconInfoCircle, IconTag } from "@tabler/icons-react";
import { memo, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { usePoolExtras } from "./extras";
import type { TileHand } from "./tile";
import classes from "./tile.module.css";
import { TileAction } from "./tile-action";
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
  /** Whether it can be selected from here, and what is added to its corner be done. */
  reachable: boolean;
  mayChange: boolean;
  grip: RefObject<HTMLButtonElement | null>;
  hand: TileHand;
}

/** What can be done with a photograph from its card. */
export const TileActions = memo(function TileActions(props: TileActionsProps) {
  const { image, when, selected, active, near, reachable, mayChange, grip, hand } = props;
  const { t } = useTranslation();
  const { t: w } = useWords();
  const { corner } = usePoolExtras();
  const tabIndex = active ? 0 : -1;
  return (
    <>
      {(reachable || selected) && (
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
      {reachable && corner !== undefined && (
        <div className={classes.corner} data-near>
          {corner(image, { when, tabIndex })}
        </div>
      )}
      <div className={classes.actions} data-near={near || undefined}>
        {near && mayChange && (
          <>
            <TileAction
              title={w("tag")}
              label={w("tagOf", { when })}
              tabIndex={tabIndex}
              onClick={() => hand.tag(image.id)}
            >
              <IconTag size={17} stroke={1.7} />
            </TileAction>
            <TileAction
              ref={grip}
              title={w("reorder")}
              label={w("reorderOf", { when })}
              menu
              tabIndex={tabIndex}
              onClick={(event) => hand.grip(image.id, event.currentTarget)}
            >
              <IconGripVertical size={17} stroke={1.7} />
            </TileAction>
          </>
        )}
        {/* the last: it stays where it is when the others appear */}
        <TileAction
          title={t("pool.properties")}
          label={t("pool.propertiesOf", { when })}
          tabIndex={tabIndex}
          onClick={() => hand.properties(image.id)}
        >
          <IconInfoCircle size={17} stroke={1.7} />
        </TileAction>
      </div>
    </>
  );
});
