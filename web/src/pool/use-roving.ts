import { type FocusEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Row } from "./groups";
import { rowWith } from "./layout";

/**
 * One card of the grid is where the Tab key comes to, and arrows lead from it to others. The focus stays on it when it
 * is drawn elsewhere: after a reordering, at another zoom, or when others add photographs.
 */
export function useRoving(rows: readonly Row[], grid: RefObject<HTMLElement | null>) {
  const [active, setActive] = useState<string | null>(null);
  const row = useMemo(() => (active === null ? -1 : rowWith(rows, active)), [rows, active]);
  const wanted = useRef<string | null>(null);
  /** Whether the focus is on a card, or was until the card was taken out of the page. */
  const held = useRef(false);
  const goTo = useCallback((id: string) => {
    wanted.current = id;
    setActive(id);
  }, []);
  useEffect(() => {
    const lost = held.current && document.activeElement === document.body;
    const id = wanted.current ?? (lost ? active : null);
    const card = id === null ? null : grid.current?.querySelector<HTMLElement>(`[data-open="${CSS.escape(id)}"]`);
    if (card == null) return;
    wanted.current = null;
    card.focus({ preventScroll: true });
  });
  useEffect(() => {
    const letGo = () => {
      held.current = false;
    };
    addEventListener("pointerdown", letGo, true);
    return () => removeEventListener("pointerdown", letGo, true);
  }, []);
  const onFocus = useCallback((event: FocusEvent) => {
    held.current = event.target instanceof HTMLElement && event.target.dataset.open !== undefined;
  }, []);
  return { active, row, setActive, goTo, onFocus };
}
