import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** What scrolls the grid, and how far below the beginning of that it begins, in CSS pixels. */
interface Scroller {
  scroller: RefObject<HTMLElement | null>;
  margin: number;
  /** To be told of the grid's element. */
  attach: (grid: HTMLElement | null) => void;
}

/** The grid scrolls itself, or it is a part of a page that scrolls as a whole. */
export function useScroller(partOfPage: boolean): Scroller {
  const grid = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const [margin, setMargin] = useState(0);
  const attach = useCallback(
    (element: HTMLElement | null) => {
      grid.current = element;
      scroller.current = partOfPage ? scrollerAround(element) : element;
    },
    [partOfPage],
  );
  useLayoutEffect(() => {
    const [inner, outer] = [grid.current, scroller.current];
    if (!partOfPage || inner === null || outer?.firstElementChild == null) return;
    const measure = () => {
      const below = inner.getBoundingClientRect().top - outer.getBoundingClientRect().top;
      setMargin(Math.round(below + outer.scrollTop));
    };
    measure();
    // what grows above the grid makes the page longer
    const watching = new ResizeObserver(measure);
    watching.observe(outer.firstElementChild);
    return () => watching.disconnect();
  }, [partOfPage]);
  return { scroller, margin, attach };
}

function scrollerAround(element: HTMLElement | null): HTMLElement | null {
  let around = element?.parentElement ?? null;
  while (around !== null && !/auto|scroll/.test(getComputedStyle(around).overflowY)) around = around.parentElement;
  return around;
}
