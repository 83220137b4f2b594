import { type FocusEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Row } from "./groups";
import { readyIn, remaining } from "./keys";
import { rowWith } from "./layout";

/**
 * One card of the grid is where the Tab key comes to, and arrows lead from it to others. The focus stays on it when it
 * is drawn elsewhere: after a reordering, at another zoom, or when others add photographs. Where the card that has it
 * is taken away, the next one gets it.
 */
export function useRoving(rows: readonly Row[], grid: RefObject<HTMLElement | null>) {
  const [active, setActive] = useState<string | null>(null);
  const row = useMemo(() => (active === null ? -1 : rowWith(rows, active)), [rows, active]);
  const wanted = useRef<string | null>(null);
  /** The card that the focus is in, or was in until the card was taken out of the page. */
  const held = useRef<string | null>(null);
  const goTo = useCallback((id: string) => {
    wanted.current = id;
    setActive(id);
  }, []);
  const before = useRef(rows);
  useEffect(() => {
    const were = before.current;
    before.current = rows;
    const gone = lost(held);
    if (were === rows || gone === null || rowWith(rows, gone) >= 0) return;
    const next = remaining(readyIn(were), new Set(readyIn(rows)), gone);
    if (next !== null) goTo(next);
  }, [rows, goTo]);
  useEffect(() => {
    const id = wanted.current ?? lost(held);
    const card = id === null ? null : grid.current?.querySelector<HTMLElement>(`[data-open="${CSS.escape(id)}"]`);
    if (card == null) return;
    wanted.current = null;
    card.focus({ preventScroll: true });
  });
  useEffect(() => {
    const letGo = () => {
      held.current = null;
    };
    addEventListener("pointerdown", letGo, true);
    return () => removeEventListener("pointerdown", letGo, true);
  }, []);
  const onFocus = useCallback((event: FocusEvent) => {
    const card = event.target.closest("[data-tile]")?.querySelector<HTMLElement>("[data-open]");
    held.current = card?.dataset.open ?? null;
    if (held.current !== null) setActive(held.current);
  }, []);
  return { active, row, setActive, goTo, onFocus };
}

/** The card whose focus is nowhere now. */
function lost(held: RefObject<string | null>): string | null {
  return document.activeElement === document.body ? held.current : null;
}
