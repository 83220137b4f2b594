import { useEffect, useEffectEvent } from "react";
import type { ImageView } from "../api/schema";
import { LoadFailure, LoadNote } from "./notes";
import classes from "./slide.module.css";
import type { Source } from "./sources";
import { useLayers } from "./use-layers";
import { corner, isCloser, type Scene, type View } from "./zoom";

interface SlideProps {
  image: ImageView;
  alt: string;
  scene: Scene;
  view: View;
  /** Whether a change of the view is shown as a movement. */
  stepped: boolean;
  /** Whether more than the tile may be asked for. */
  load: boolean;
  /** Whether it is the one that is looked at, not one beside it. */
  current: boolean;
  /** Told once what the view needs is on the screen. */
  onShown: () => void;
}

/** One photograph on the stage, in the best version that is there. */
export function Slide({ image, alt, scene, view, stepped, load, current, onShown }: SlideProps) {
  const { picture, dpr } = scene;
  const needed = Math.max(picture.width, picture.height) * view.scale * dpr;
  const { shown, loading, failed, onLoad, onError, retry } = useLayers(image, needed, isCloser(view, scene), load);
  const waits = loading.at(-1);
  const complete = shown !== undefined && waits === undefined && failed === undefined;
  const told = useEffectEvent(onShown);
  useEffect(() => {
    if (complete && current) told();
  }, [complete, current]);

  const { x, y } = corner(view, scene);
  return (
    <>
      <div
        role="img"
        aria-label={alt}
        className={classes.picture}
        data-stepped={stepped || undefined}
        style={{ ...picture, transform: `translate(${x}px, ${y}px) scale(${view.scale})` }}
      >
        {[shown, ...loading].map(
          (source) =>
            source !== undefined && (
              <Version
                key={source.address}
                source={source}
                visible={source.address === shown?.address}
                onLoad={onLoad}
                onError={onError}
              />
            ),
        )}
      </div>
      {current && waits !== undefined && <LoadNote key={waits.address} original={waits.original} />}
      {current && failed !== undefined && <LoadFailure nothing={shown === undefined} onRetry={retry} />}
    </>
  );
}

interface VersionProps {
  source: Source;
  visible: boolean;
  onLoad: (source: Source) => void;
  onError: (source: Source) => void;
}

/** One version. It loads out of sight, and is shown when it can be painted whole and at once. */
function Version({ source, visible, onLoad, onError }: VersionProps) {
  return (
    <img
      src={source.address}
      alt=""
      draggable={false}
      data-visible={visible || undefined}
      onLoad={(event) => {
        const loaded = () => onLoad(source);
        event.currentTarget.decode().then(loaded, loaded);
      }}
      onError={() => onError(source)}
    />
  );
}
