import { Loader } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { type FocusEvent, type MouseEvent, memo, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImageView } from "../api/schema";
import type { KnownTag } from "../tags/known";
import { formatInstant } from "../ui/dates";
import { type Upload, useUploadPreview } from "../uploads/uploads";
import { renditionAddress } from "../viewer/sources";
import type { FromPool } from "../viewer/use-walk";
import { CaptionStuck } from "./caption-field";
import { Card } from "./card";
import { usePoolExtras } from "./extras";
import type { Tile } from "./groups";
import type { Zoom } from "./layout";
import { ThumbHash } from "./thumbhash";
import classes from "./tile.module.css";
import { TileActions } from "./tile-actions";
import { Failed, Underway } from "./tile-states";
import { useGrab } from "./use-grab";
import { useWords } from "./words";

const FROM_POOL: FromPool = { fromPool: true };

/** What is asked for from a card; the same object as long as the pool is open. */
export interface TileHand {
  properties: (image: string) => void;
  select: (image: string, through: boolean) => void;
  tag: (image: string) => void;
  /** The menu of what one takes hold of the card by. */
  grip: (image: string, button: HTMLElement) => void;
  grabbed: (image: string) => void;
}

interface PoolTileProps {
  tile: Tile;
  timeZone: string | undefined;
  zoom: Zoom;
  tileWidth: number;
  selected: boolean;
  /** Whether it is the one card that the Tab key comes to. */
  active: boolean;
  /** Whether pointers hover here; else everything is always there. */
  hovers: boolean;
  mayChange: boolean;
  /** At which side of it what is dragged would come. */
  drop: "before" | "after" | undefined;
  known: ReadonlyMap<string, KnownTag>;
  hand: TileHand;
}

/** A photograph, or one on its way: first its local preview with progress, then the stored version (POOL-4). */
export const PoolTile = memo(function PoolTile(props: PoolTileProps) {
  const { tile, timeZone, zoom, tileWidth, selected, active, hovers, mayChange, drop, known, hand } = props;
  const { t } = useTranslation();
  const { image, upload } = tile;
  const ready = image?.state === "ready";
  const when = image === undefined ? "" : formatInstant(image.effective_at, timeZone);
  const { near, ...nearness } = useNear();
  const grip = useRef<HTMLButtonElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  // where nothing hovers, all is always there; the smallest photographs would be hidden by it
  const close = near || (!hovers && (zoom !== "small" || selected));
  useGrab(picture, grip, { id: tile.id, enabled: ready && mayChange && close, onStart: hand.grabbed });
  const click = (event: MouseEvent) => {
    if (!(event.shiftKey || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    hand.select(tile.id, event.shiftKey);
  };
  return (
    <li
      className={classes.tile}
      data-tile={tile.id}
      data-state={image?.state ?? upload?.state}
      data-selected={selected || undefined}
      data-drop={drop}
      data-size={zoom}
      {...nearness}
    >
      <div ref={picture} className={classes.box}>
        <Picture image={image} alt={ready ? t("pool.alt", { when }) : ""}>
          {(hidden) => upload !== undefined && !hidden && <Preview upload={upload} />}
        </Picture>
        {ready && (
          <>
            <Link
              to={image.id}
              state={FROM_POOL}
              className={classes.open}
              aria-label={t("pool.open", { when })}
              data-open={image.id}
              draggable={false}
              tabIndex={active ? 0 : -1}
              onClick={click}
            />
            <Marks image={image} />
            {zoom === "small" && <CaptionStuck image={image.id} />}
            <TileActions
              image={image}
              when={when}
              selected={selected}
              active={active}
              near={close}
              reachable={close || !hovers}
              mayChange={mayChange}
              grip={grip}
              hand={hand}
            />
          </>
        )}
        {image?.state === "failed" ? (
          <Failed image={image} />
        ) : (
          !ready && <Underway upload={upload} registered={image !== undefined} />
        )}
      </div>
      {zoom !== "small" && (
        <Card image={ready ? image : undefined} zoom={zoom} width={tileWidth} known={known} mayChange={mayChange} />
      )}
    </li>
  );
});

/** Whether the pointer or the focus is on something. */
function useNear() {
  const [pointed, setPointed] = useState(false);
  const [within, setWithin] = useState(false);
  return {
    near: pointed || within,
    onPointerEnter: () => setPointed(true),
    onPointerLeave: () => setPointed(false),
    onFocus: () => setWithin(true),
    // from one button of the card to the next it is not left
    onBlur: (event: FocusEvent) => setWithin(event.currentTarget.contains(event.relatedTarget)),
  };
}

/** What is to be noticed about a photograph, on its picture. */
function Marks({ image }: { image: ImageView }) {
  const { t } = useWords();
  const { marks } = usePoolExtras();
  return (
    <>
      {marks?.(image)}
      {image.rotating && (
        <span className={classes.rotating} role="status" aria-label={t("rotating")}>
          <Loader size={26} color="white" />
        </span>
      )}
    </>
  );
}

interface PictureProps {
  image: ImageView | undefined;
  alt: string;
  children: (hidden: boolean) => ReactNode;
}

/** The stored tile over its local preview or its hash, which stay until there is something to see instead. */
function Picture({ image, alt, children }: PictureProps) {
  const [stored, setStored] = useState(false);
  return (
    <>
      {!stored && (
        <span className={classes.nothing}>
          <IconPhoto size={32} stroke={1.2} />
        </span>
      )}
      {!stored && image?.thumbhash && <ThumbHash hash={image.thumbhash} className={classes.picture} />}
      {children(stored)}
      {image?.state === "ready" && (
        <img
          src={renditionAddress(image, 320)}
          alt={alt}
          className={classes.picture}
          draggable={false}
          decoding="async"
          onLoad={() => setStored(true)}
        />
      )}
    </>
  );
}

function Preview({ upload }: { upload: Upload }) {
  const preview = useUploadPreview(upload);
  return preview !== null && <img src={preview} alt="" className={classes.picture} draggable={false} />;
}
