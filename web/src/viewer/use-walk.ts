import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { usePoolOrder } from "../pool/order";

/** Who looks at a photograph for less is on the way to another. */
const HURRY_MS = 180;

/** What a link to the viewer says of where it was followed: closing then goes back instead of on. */
export interface FromPool {
  fromPool?: boolean;
}

interface Walk {
  /** In the pool, from 0; -1 where it is not part of it. */
  index: number;
  /** Whether one goes on so quickly that nothing can be looked at. */
  hurrying: boolean;
  go(id: string | undefined): void;
  close(): void;
}

/** From photograph to photograph as the pool shows them, and back to the pool. */
export function useWalk(id: string): Walk {
  const navigate = useNavigate();
  const state = useLocation().state as FromPool | null;
  const { ids } = usePoolOrder();
  const [hurrying, setHurrying] = useState(false);
  const arrived = useRef({ id, at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    if (arrived.current.id !== id) arrived.current = { id, at: performance.now() };
    const timer = setTimeout(() => setHurrying(false), HURRY_MS);
    return () => clearTimeout(timer);
  }, [id]);
  useFocusBackOn(id);
  return {
    index: ids.indexOf(id),
    hurrying,
    go(to) {
      if (to === undefined || to === id) return;
      setHurrying(performance.now() - arrived.current.at < HURRY_MS);
      // at once: a key that is held down would otherwise overtake the page
      void navigate(`../${to}`, { replace: true, state, flushSync: true });
    },
    close() {
      if (state?.fromPool) void navigate(-1);
      else void navigate("..", { replace: true });
    },
  };
}

/** Whichever way the viewer is left, the focus is on the tile of the photograph seen last, with no moment in between;
 * where that cannot be opened (yet), on the one that the viewer was opened from.
 */
function useFocusBackOn(id: string): void {
  const opened = useRef(id);
  const focus = useEffectEvent(() => {
    const tiles = [id, opened.current].map((it) =>
      document.querySelector<HTMLElement>(`[data-open="${CSS.escape(it)}"]`),
    );
    (tiles.find((tile) => tile !== null) ?? document.getElementById("main"))?.focus();
  });
  useLayoutEffect(() => () => focus(), []);
}
