import { useCallback, useEffect, useRef } from "react";

/** The same function for as long as a component is shown, which does what the newest one does. */
export function useNewest<A extends unknown[], R>(newest: (...args: A) => R): (...args: A) => R {
  const now = useRef(newest);
  useEffect(() => {
    now.current = newest;
  });
  return useCallback((...args: A) => now.current(...args), []);
}
