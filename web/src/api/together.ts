const TOGETHER_MS = 10;

/**
 * Ask at once, and for `most` at most, for what is asked for one by one within a moment. What is left out of the answer
 * is null.
 */
export function together<T>(
  ask: (ids: string[]) => Promise<ReadonlyMap<string, T>>,
  most: number,
): (id: string) => Promise<T | null> {
  let gathering: { ids: Set<string>; answer: Promise<ReadonlyMap<string, T>> } | null = null;
  return async (id) => {
    if (gathering === null || gathering.ids.size >= most) {
      const ids = new Set<string>();
      const answer = new Promise((resolve) => setTimeout(resolve, TOGETHER_MS)).then(() => {
        if (gathering?.ids === ids) gathering = null;
        return ask([...ids]);
      });
      gathering = { ids, answer };
    }
    gathering.ids.add(id);
    return (await gathering.answer).get(id) ?? null;
  };
}
