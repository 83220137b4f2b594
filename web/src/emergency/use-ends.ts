import { useEffect, useState } from "react";

const AFTERWARDS_MS = 50;

/** The time, which goes on whenever one of these instants has passed. */
export function useEnds(instants: readonly string[]): Date {
  const [now, setNow] = useState(() => new Date());
  const next = Math.min(...instants.map((instant) => Date.parse(instant)).filter((end) => end > now.getTime()));
  useEffect(() => {
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(() => setNow(new Date()), Math.max(0, next - Date.now()) + AFTERWARDS_MS);
    return () => clearTimeout(timer);
  }, [next]);
  return now;
}
