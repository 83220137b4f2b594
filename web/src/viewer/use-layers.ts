import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState } from "react";
import type { ImageView } from "../api/schema";
import { type Source, sourcesOf, sufficient } from "./sources";

/** On the way to a closer view nothing is asked for that is passed by at once: each read is recorded. */
const PASSING_MS = 150;

/** What is on the screen of one photograph, and what will be. */
export interface Layers {
  /** The best that can be shown; nothing at first. */
  shown: Source | undefined;
  /** What is on its way: the tile, which is at hand, and what the view needs. */
  loading: readonly Source[];
  /** What the view needs and could not be had. */
  failed: Source | undefined;
  onLoad(source: Source): void;
  onError(source: Source): void;
  retry(): void;
}

/** Better versions replace lesser ones as the view needs them, never the other way round.
 * @param needed pixels of the screen along the long edge
 * @param load whether anything but the tile may be asked for
 */
export function useLayers(image: ImageView, needed: number, closer: boolean, load: boolean): Layers {
  const sources = useMemo(() => sourcesOf(image), [image]);
  const [settled] = useDebouncedValue(sufficient(sources, needed, closer)?.address, PASSING_MS);
  const [shown, setShown] = useState<Source>();
  const [failures, setFailures] = useState<ReadonlySet<string>>(new Set());
  const rank = (source: Source | undefined) => sources.findIndex(({ address }) => address === source?.address);

  const wanted = load ? sources.find(({ address }) => address === settled) : undefined;
  const better = rank(wanted) > rank(shown) ? wanted : undefined;
  const tile = shown === undefined ? sources.find(({ original }) => !original) : undefined;
  const due = [tile === better ? undefined : tile, better].filter((source) => source !== undefined);
  return {
    shown,
    loading: due.filter(({ address }) => !failures.has(address)),
    failed: better !== undefined && failures.has(better.address) ? better : undefined,
    onLoad: (source) => setShown((before) => (rank(source) > rank(before) ? source : before)),
    onError: ({ address }) => setFailures((before) => new Set(before).add(address)),
    retry: () => setFailures(new Set()),
  };
}
