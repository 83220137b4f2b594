import { useCallback, useEffect, useRef, useState } from "react";
import type { DateGroup } from "./groups";

/** Which dates are folded away. */
export function useFolding(groups: readonly DateGroup[]) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((day: string) => setCollapsed((were) => toggled(were, day)), []);
  const expandAll = useCallback(() => setCollapsed(new Set()), []);
  const now = useRef(groups);
  useEffect(() => {
    now.current = groups;
  }, [groups]);
  const collapseAll = useCallback(() => setCollapsed(new Set(now.current.map((group) => group.day))), []);
  return { collapsed, toggle, expandAll, collapseAll };
}

function toggled(were: ReadonlySet<string>, day: string): ReadonlySet<string> {
  const now = new Set(were);
  if (!now.delete(day)) now.add(day);
  return now;
}
