import { type RefObject, useEffect, useEffectEvent } from "react";
import { type Contact, GestureReader, type Gestures, wheelFactor } from "./gestures";

/** Reads gestures on an element for as long as it is there. */
export function useGestures(stage: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const now = useEffectEvent(() => gestures);
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const at = ({ clientX, clientY }: MouseEvent) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
    };
    const contact = (event: PointerEvent): Contact => ({
      ...at(event),
      id: event.pointerId,
      time: event.timeStamp,
      touch: event.pointerType !== "mouse",
    });
    const reader = new GestureReader({
      onZoom: (factor, place) => now().onZoom(factor, place),
      onPan: (by) => now().onPan(by),
      onSwipe: (by) => now().onSwipe(by),
      onSwipeEnd: (by, speed) => now().onSwipeEnd(by, speed),
      onDoubleTap: (place) => now().onDoubleTap(place),
      pans: () => now().pans(),
    });
    const ends = new AbortController();
    const { signal } = ends;
    element.addEventListener(
      "pointerdown",
      (event) => {
        const onControl = event.target instanceof Element && event.target.closest("a, button") !== null;
        if (event.button !== 0 || onControl) return;
        element.setPointerCapture(event.pointerId);
        reader.press(contact(event));
      },
      { signal },
    );
    element.addEventListener("pointermove", (event) => reader.move(contact(event)), { signal });
    element.addEventListener("pointerup", (event) => reader.release(contact(event)), { signal });
    element.addEventListener("pointercancel", (event) => reader.release(contact(event), true), { signal });
    element.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault(); // else the browser zooms the page
        now().onZoom(wheelFactor(event), at(event));
      },
      { signal, passive: false },
    );
    return () => ends.abort();
  }, [stage]);
}
