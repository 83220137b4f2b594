const TRIES = 4;
const FIRST_WAIT_MS = 500;
const PARTS = new Set<() => Promise<unknown>>();

/**
 * A page or a part of one whose script is fetched when it is needed, or at leisure by `fetchParts`. While there is no
 * network it is waited for; rejects when the script cannot be had from a server that is there.
 */
export function part<T>(fetch: () => Promise<T>): () => Promise<T> {
  let fetched: Promise<T> | null = null;
  const get = () => {
    fetched ??= persistently(fetch).catch((error: unknown) => {
      fetched = null;
      throw error;
    });
    return fetched;
  };
  PARTS.add(get);
  return get;
}

/** Fetch what was not needed yet, so that a network lost later, or a new version, takes no page away. */
export async function fetchParts(): Promise<void> {
  for (const get of PARTS) await get().catch(() => null); // asked for again, and told, when it is needed
}

async function persistently<T>(fetch: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await fetch();
    } catch (error) {
      if (!navigator.onLine) await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
      else if (tries >= TRIES) throw error;
      else await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** tries));
    }
  }
}
