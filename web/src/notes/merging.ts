/**
 * Merging of notes that two people changed at once, by paragraphs (ENT-3): what the server does in
 * services/patients, `merging.py`, where its source is named. Both are held to the same cases.
 */

const DEEPEST = 32;

export type Side = "ours" | "theirs";

/** The same paragraphs, changed in two ways; `base` is what they were. */
export interface Clash {
  base: string[];
  ours: string[];
  theirs: string[];
}

/** Paragraphs that are decided, or a clash. */
export type Part = string[] | Clash;

interface Change {
  begin: number;
  end: number;
  lines: string[];
  side: Side;
}

type Pair = readonly [number, number];

/** Merge two versions that go back to the same base; of new paragraphs at one place, theirs come first. */
export function merge(base: string, ours: string, theirs: string): Part[] {
  const lines = paragraphs(base);
  const changes = [...changesOf(lines, paragraphs(ours), "ours"), ...changesOf(lines, paragraphs(theirs), "theirs")];
  const parts: Part[] = [];
  let place = 0;
  for (const group of overlapping(changes.sort((a, b) => a.begin - b.begin || a.end - b.end))) {
    const begin = (group[0] as Change).begin;
    const end = Math.max(...group.map((change) => change.end));
    parts.push(lines.slice(place, begin), decided(lines, begin, end, group));
    place = end;
  }
  parts.push(lines.slice(place));
  return parts.filter((part) => isClash(part) || part.length > 0);
}

export function isClash(part: Part): part is Clash {
  return !Array.isArray(part);
}

/** The merged notes; null when something clashes. */
export function textOf(parts: readonly Part[]): string | null {
  return parts.every((part) => Array.isArray(part)) ? parts.flat().join("\n") : null;
}

/** Where a place in a text is after the text became another one. */
export function moved(place: number, before: string, after: string): number {
  if (before === after) return place;
  const was = paragraphs(before);
  const is = paragraphs(after);
  const upTo = before.slice(0, place).split("\n");
  const line = upTo.length - 1;
  const pairs: Pair[] = [[-1, -1], ...kept(was, is), [was.length, is.length]];
  const next = pairs.findIndex(([i]) => i >= line);
  const [i, j] = pairs[next] as Pair;
  const column = (upTo[line] as string).length;
  if (i === line && i < was.length) return startOf(is, j) + column;
  const [lastI, lastJ] = pairs[next - 1] as Pair;
  return (
    startOf(is, lastJ + 1) +
    movedWithin(
      was.slice(lastI + 1, i).join("\n"),
      is.slice(lastJ + 1, j).join("\n"),
      startOf(was, line) - startOf(was, lastI + 1) + column,
    )
  );
}

function movedWithin(before: string, after: string, place: number): number {
  let same = 0;
  while (same < place && before[same] === after[same]) same++;
  if (same === place) return place;
  let behind = 0;
  while (behind < before.length - place && before.at(-1 - behind) === after.at(-1 - behind)) behind++;
  if (behind === before.length - place) return Math.max(same, after.length - behind);
  return Math.min(place, after.length);
}

function startOf(lines: readonly string[], line: number): number {
  return lines.slice(0, line).reduce((length, text) => length + text.length + 1, 0);
}

function paragraphs(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

function changesOf(base: string[], side: string[], name: Side): Change[] {
  const found: Change[] = [];
  const pairs: Pair[] = [[-1, -1], ...kept(base, side), [base.length, side.length]];
  for (let at = 1; at < pairs.length; at++) {
    const [i, j] = pairs[at - 1] as Pair;
    const [nextI, nextJ] = pairs[at] as Pair;
    const begin = i + 1;
    const lines = side.slice(j + 1, nextJ);
    if (nextI - begin === lines.length) {
      // as many as before: each was changed by itself, so that no more clashes than has to
      lines.forEach((line, n) => {
        found.push({ begin: begin + n, end: begin + n + 1, lines: [line], side: name });
      });
    } else {
      found.push({ begin, end: nextI, lines, side: name });
    }
  }
  return found;
}

/** Changes in groups that concern the same paragraphs, or are made at the very same place. */
function overlapping(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let end = 0;
  for (const change of changes) {
    const group = groups.at(-1);
    const samePlace = change.begin === group?.[0]?.begin && change.end === end;
    if (group !== undefined && (change.begin < end || samePlace)) {
      group.push(change);
      end = Math.max(end, change.end);
    } else {
      groups.push([change]);
      end = change.end;
    }
  }
  return groups;
}

function decided(base: string[], begin: number, end: number, group: readonly Change[]): Part {
  const before = base.slice(begin, end);
  const applied = (side: Side) => {
    const made: string[] = [];
    let place = begin;
    for (const change of group.filter((one) => one.side === side)) {
      made.push(...base.slice(place, change.begin), ...change.lines);
      place = change.end;
    }
    return [...made, ...base.slice(place, end)];
  };
  const ours = applied("ours");
  const theirs = applied("theirs");
  if (same(ours, theirs) || same(ours, before)) return theirs;
  if (same(theirs, before)) return ours;
  if (before.every((line) => line.trim() === "")) return [...theirs, ...ours];
  return { base: before, ours, theirs };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, n) => line === b[n]);
}

/** The paragraphs that are in both, in order, as pairs of places: patience diff. */
function kept(a: readonly string[], b: readonly string[]): Pair[] {
  const found: Pair[] = [];
  const stretches = [{ beginA: 0, endA: a.length, beginB: 0, endB: b.length, depth: 0 }];
  for (let at = stretches.pop(); at !== undefined; at = stretches.pop()) {
    let { beginA, endA, beginB, endB } = at;
    while (beginA < endA && beginB < endB && a[beginA] === b[beginB]) found.push([beginA++, beginB++]);
    while (beginA < endA && beginB < endB && a[endA - 1] === b[endB - 1]) found.push([--endA, --endB]);
    const anchors = at.depth < DEEPEST ? anchorsOf(a, b, [beginA, endA], [beginB, endB]) : [];
    if (anchors.length === 0) continue;
    found.push(...anchors);
    const around: Pair[] = [[beginA - 1, beginB - 1], ...anchors, [endA, endB]];
    for (let n = 1; n < around.length; n++) {
      const [i, j] = around[n - 1] as Pair;
      const [nextI, nextJ] = around[n] as Pair;
      stretches.push({ beginA: i + 1, endA: nextI, beginB: j + 1, endB: nextJ, depth: at.depth + 1 });
    }
  }
  return found.sort(([i], [k]) => i - k);
}

/** The longest series in the same order of paragraphs that occur once in each of two stretches. */
function anchorsOf(a: readonly string[], b: readonly string[], inA: Pair, inB: Pair): Pair[] {
  const placesInA = onlyPlaces(a, inA);
  const placesInB = onlyPlaces(b, inB);
  const once: Pair[] = [];
  for (const [line, i] of placesInA) {
    const j = placesInB.get(line);
    if (i >= 0 && j !== undefined && j >= 0) once.push([i, j]);
  }
  once.sort(([i], [k]) => i - k);
  // patience sorting: the piles' tops grow, each card remembers the top of the pile before
  const tops: number[] = [];
  const before: (number | undefined)[] = [];
  once.forEach(([, j], card) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((once[tops[middle] as number] as Pair)[1] < j) low = middle + 1;
      else high = middle;
    }
    before[card] = tops[low - 1];
    tops[low] = card;
  });
  const series: Pair[] = [];
  for (let card = tops.at(-1); card !== undefined; card = before[card]) series.push(once[card] as Pair);
  return series.reverse();
}

/** Where each paragraph of a stretch is; -1 where it is there more than once. */
function onlyPlaces(lines: readonly string[], [begin, end]: Pair): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = begin; at < end; at++) {
    const line = lines[at] as string;
    places.set(line, places.has(line) ? -1 : at);
  }
  return places;
}
