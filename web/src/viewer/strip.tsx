import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { Slide } from "./slide";
import { NotReady } from "./states";
import classes from "./strip.module.css";
import { useGestures } from "./use-gestures";
import type { Zoom } from "./use-zoom";
import { fitted, type Scene, type Size } from "./zoom";

/** Share of the stage's width, or pixels per millisecond, from which a swipe leads on. */
const FAR = 0.22;
const FAST = 0.35;
/** CSS pixels between two photographs. */
const GAP = 24;
/** Where nothing follows, the photograph follows the finger reluctantly. */
const RELUCTANCE = 0.25;

interface StripProps {
  size: Size;
  dpr: number;
  image: ImageView;
  previous: ImageView | undefined;
  next: ImageView | undefined;
  zoom: Zoom | null;
  timeZone: string | undefined;
  /** Whether the user goes on so quickly that nothing but tiles can be shown. */
  hurrying: boolean;
  onPrevious: () => void;
  onNext: () => void;
  onRefresh: () => void;
}

interface Swipe {
  from: string;
  /** The photograph that it leads to, if to any. */
  to: string;
  by: number;
  gliding: boolean;
}

/** The photograph that is looked at, and at both sides, out of sight, the ones a swipe leads to. */
export function Strip(props: StripProps) {
  const { size, image, previous, next, zoom, hurrying } = props;
  const { t } = useTranslation();
  const stage = useRef<HTMLDivElement>(null);
  const [swipe, setSwipe] = useState<Swipe>({ from: "", to: "", by: 0, gliding: false });
  const [shown, setShown] = useState("");
  const swiped = swipe.from === image.id ? swipe.by : 0;
  const gliding = swipe.gliding && (swipe.from === image.id || swipe.to === image.id);

  useGestures(stage, {
    onZoom: (factor, at) => zoom?.by(factor, at),
    onPan: (by) => zoom?.pan(by),
    onDoubleTap: (at) => zoom?.toggle(at),
    pans: () => zoom?.closer ?? false,
    onSwipe(by) {
      const follows = (by > 0 ? previous : next) !== undefined;
      setSwipe({ from: image.id, to: "", by: follows ? by : by * RELUCTANCE, gliding: false });
    },
    onSwipeEnd(by, speed) {
      const to = by > 0 ? previous : next;
      const thrown = Math.abs(speed) > FAST && Math.sign(speed) === Math.sign(by);
      if (to === undefined || !(thrown || Math.abs(by) > size.width * FAR)) {
        return setSwipe({ from: image.id, to: "", by: 0, gliding: true });
      }
      // it stays where the finger left it, and glides from there once the other photograph is the current one
      setSwipe({ from: image.id, to: to.id, by, gliding: true });
      (by > 0 ? props.onPrevious : props.onNext)();
    },
  });

  const around = [
    { at: -1, it: previous },
    { at: 0, it: image },
    { at: 1, it: next },
  ];
  return (
    <div ref={stage} className={classes.stage} data-closer={zoom?.closer || undefined}>
      {size.width > 0 &&
        around.map(({ at, it }) => {
          if (it === undefined) return null;
          const current = at === 0;
          const scene = sceneOf(it, size, props.dpr);
          return (
            <div
              key={`${it.id}/${it.revision}`}
              className={classes.slide}
              data-gliding={gliding || undefined}
              aria-hidden={!current}
              style={{ transform: `translateX(${at * (size.width + GAP) + swiped}px)` }}
            >
              {scene !== null ? (
                <Slide
                  image={it}
                  alt={t("viewer.alt", { when: formatInstant(it.effective_at, props.timeZone) })}
                  scene={scene}
                  view={current && zoom !== null ? zoom.view : fitted(scene)}
                  stepped={current && (zoom?.stepped ?? false)}
                  load={!hurrying && (current || shown === image.id)}
                  current={current}
                  onShown={() => setShown(it.id)}
                />
              ) : (
                current && <NotReady image={it} onRetried={props.onRefresh} />
              )}
            </div>
          );
        })}
    </div>
  );
}

/** How a photograph is looked at; null where there is nothing to look at, yet or for ever. */
export function sceneOf(image: ImageView | undefined, stage: Size, dpr: number): Scene | null {
  if (image?.state !== "ready" || image.width === null || image.height === null || stage.width === 0) return null;
  return { picture: { width: image.width, height: image.height }, stage, dpr };
}
