/** The row that a key leads to from the active one, null where it leads nowhere. `page`: rows seen at a time. */
export function goneTo(key: string, active: number, rows: number, page: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: rows - 1,
  };
  const to = steps[key];
  return to === undefined ? null : Math.min(rows - 1, Math.max(0, to));
}
