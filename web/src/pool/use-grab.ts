import { type RefObject, useEffect } from "react";
import { part } from "../ui/part";
import { tellProblem } from "../ui/tell";
import type { Grab } from "./dragging";

/** What drags and drops, once it is needed. */
export const dragging = part(() => import("./dragging"));

/** Lets a picture be dragged by its grip while somebody is at it. */
export function useGrab(
  element: RefObject<HTMLElement | null>,
  grip: RefObject<HTMLElement | null>,
  { id, enabled, onStart }: Grab & { enabled: boolean },
): void {
  useEffect(() => {
    if (!enabled) return;
    let left = false;
    let stop = () => {};
    void dragging().then(({ letBeDragged }) => {
      if (left || element.current === null || grip.current === null) return;
      stop = letBeDragged(element.current, grip.current, { id, onStart });
    }, tellProblem);
    return () => {
      left = true;
      stop();
    };
  }, [element, grip, id, enabled, onStart]);
}
