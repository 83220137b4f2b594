import { notifyManager, QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const ATTEMPTS = 5;
const LONGEST_WAIT_MS = 15_000;
/** For as long a refusal holds for all that appears on a page: each is a record in the audit trail. */
const REFUSED_MS = 5_000;

// what a key changes is shown before the next one, which may be waiting already
notifyManager.setScheduler(queueMicrotask);

/** The cache of what the server said. What passes by itself is asked again, nothing else. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retryOnMount: ({ state }) => Date.now() - state.errorUpdatedAt > REFUSED_MS,
      retry: (failures, error) => error instanceof Problem && error.passes && failures < ATTEMPTS,
      retryDelay: (failures, error) => {
        const asked = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
        return Math.min(LONGEST_WAIT_MS, Math.max(asked, 300 * 2 ** failures));
      },
    },
    mutations: { retry: false },
  },
});
