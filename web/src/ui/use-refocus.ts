import { type RefObject, useEffect, useRef } from "react";

const CLOSED_MS = 300;

/**
 * For an element that takes the focus when what had it is gone after a change: the button that was pressed, or the row
 * it stood in. Waits until a dialog has closed and has tried to give the focus back. Undefined: not known yet.
 */
export function useRefocus<T extends HTMLElement>(changing: unknown): RefObject<T | null> {
  const element = useRef<T>(null);
  const before = useRef(changing);
  useEffect(() => {
    const was = before.current;
    before.current = changing;
    if (was === undefined || was === changing) return;
    const timer = setTimeout(() => {
      if (document.activeElement === null || document.activeElement === document.body)
        element.current?.focus({ preventScroll: true });
    }, CLOSED_MS);
    return () => clearTimeout(timer);
  }, [changing]);
  return element;
}
