import { useEffect, useState } from "react";

const REST_MS = 3000;

/** The attribute of what stays in sight while the pointer is over it. */
export const CONTROLS = "data-viewer-controls";

/** A finger that was lifted hovers nowhere, though browsers say otherwise. */
function isHovered(): boolean {
  return matchMedia("(hover: hover)").matches && document.querySelector(`[${CONTROLS}]:hover`) !== null;
}

/** Whether the controls are out of the way: when the pointer rests, unless `held` or keys are used, since who uses keys
 * needs to see where the focus is.
 */
export function useFading(held: boolean): boolean {
  const [resting, setResting] = useState(false);
  useEffect(() => {
    if (held) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isHovered()) wait();
        else setResting(true);
      }, REST_MS);
    };
    const stir = (event: PointerEvent) => {
      // a pointer that did not move itself is told of what moved under it
      if (event.type === "pointermove" && event.movementX === 0 && event.movementY === 0) return;
      setResting(false);
      wait();
    };
    const type = () => {
      setResting(false);
      clearTimeout(timer);
    };
    const ends = new AbortController();
    const { signal } = ends;
    addEventListener("pointermove", stir, { signal });
    addEventListener("pointerdown", stir, { signal });
    addEventListener("keydown", type, { signal });
    if (document.querySelector(":focus-visible") === null) wait();
    return () => {
      ends.abort();
      clearTimeout(timer);
    };
  }, [held]);
  return resting && !held;
}
