import { useCallback, useEffect, useMemo, useRef, useState } from "react";

/** Which photographs are selected, and how that changes (POOL-15). */
export interface Selection {
  ids: ReadonlySet<string>;
  /** Select one, or no longer; `through`: all from the last one that was clicked. */
  toggle: (id: string, through?: boolean) => void;
  /** Select all from where this began, to this one. */
  extend: (from: string, to: string) => void;
  /** Select all of these; where all are, none of them. */
  toggleAll: (ids: readonly string[]) => void;
  clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/** What is selected among the photographs shown: what is not shown any more is not selected either. */
export function useSelection(order: readonly string[]): Selection {
  const [chosen, setChosen] = useState(NONE);
  const now = useRef(order);
  useEffect(() => {
    now.current = order;
  }, [order]);
  const anchor = useRef<string | null>(null);
  const toggle = useCallback((id: string, through = false) => {
    const from = anchor.current;
    anchor.current = id;
    setChosen((were) => (through && from !== null ? joined(were, between(now.current, from, id)) : toggled(were, id)));
  }, []);
  const extend = useCallback((from: string, to: string) => {
    anchor.current ??= from;
    const range = between(now.current, anchor.current, to);
    setChosen((were) => joined(were, range));
  }, []);
  const toggleAll = useCallback((ids: readonly string[]) => {
    anchor.current = null;
    setChosen((were) => {
      if (!ids.every((id) => were.has(id))) return joined(were, ids);
      const rest = new Set(were);
      for (const id of ids) rest.delete(id);
      return rest;
    });
  }, []);
  const clear = useCallback(() => {
    anchor.current = null;
    setChosen(NONE);
  }, []);
  const ids = useMemo(() => {
    if (chosen.size === 0) return NONE;
    const shown = order.filter((id) => chosen.has(id));
    return shown.length === chosen.size ? chosen : new Set(shown);
  }, [chosen, order]);
  return useMemo(() => ({ ids, toggle, extend, toggleAll, clear }), [ids, toggle, extend, toggleAll, clear]);
}

/** All from one to another in their order, both included; only the last where the first is not there. */
export function between(order: readonly string[], from: string, to: string): string[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

function joined(were: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return new Set([...were, ...more]);
}

function toggled(were: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const now = new Set(were);
  if (!now.delete(id)) now.add(id);
  return now;
}
