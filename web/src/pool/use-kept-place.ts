import type { Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef } from "react";
import type { Row } from "./groups";
import { anchorOf, type Layout, scrolledTo } from "./layout";

/** Keeps the same photograph in the window when the zoom or the width changes. */
export function useKeptPlace(
  virtual: Virtualizer<HTMLElement, Element>,
  rows: readonly Row[],
  { columns, rowHeight }: Layout,
  lookedAt: string | null,
  /** How far below the beginning of what scrolls the rows begin. */
  margin: number,
): void {
  const before = useRef({ rows, columns, rowHeight });
  useLayoutEffect(() => {
    const was = before.current;
    before.current = { rows, columns, rowHeight };
    if (was.rows.length === 0 || (was.columns === columns && was.rowHeight === rowHeight)) return;
    const height = virtual.scrollElement?.clientHeight ?? 0;
    // where it was scrolled to before this change: the browser may have gone elsewhere since
    const top = (virtual.scrollOffset ?? 0) - margin;
    const anchor = top <= 0 ? null : anchorOf(was.rows, was.rowHeight, { top, height }, lookedAt);
    const scrolled = anchor && scrolledTo(rows, rowHeight, height, anchor);
    if (scrolled !== null) virtual.scrollToOffset(scrolled + margin);
  }, [virtual, rows, columns, rowHeight, lookedAt, margin]);
}
