import { useCallback, useEffect, useRef, useState } from "react";
import { type Exported, exportTrail, type Format, type Progress, save } from "./export";
import type { Filters } from "./filters";

export type ExportState =
  | { step: "idle" }
  | { step: "running"; progress: Progress }
  | { step: "done"; exported: Exported }
  | { step: "cancelled" }
  | { step: "failed"; error: unknown };

const NOTHING: Progress = { records: 0, bytes: 0 };

/** One export at a time, which ends with the page. */
export function useExport() {
  const [state, setState] = useState<ExportState>({ step: "idle" });
  const under = useRef<AbortController | null>(null);
  useEffect(() => () => under.current?.abort(), []);
  const start = useCallback(async (format: Format, filters: Filters) => {
    const controller = new AbortController();
    under.current = controller;
    setState({ step: "running", progress: NOTHING });
    try {
      const progressed = (progress: Progress) => setState({ step: "running", progress });
      const exported = await exportTrail(format, filters, progressed, controller.signal);
      save(exported);
      setState({ step: "done", exported });
    } catch (error) {
      setState(controller.signal.aborted ? { step: "cancelled" } : { step: "failed", error });
    }
  }, []);
  const cancel = useCallback(() => under.current?.abort(), []);
  return { state, start, cancel };
}
