import type { KeyboardEvent } from "react";

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Moves the focus among the links of a grid or a table as arrows point; from the first row up, to where it came from. */
export function walk(event: KeyboardEvent<HTMLElement>, onLeave: () => void): void {
  const step = STEPS[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const links = linksIn(event.currentTarget);
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  const columns = Math.max(1, links.filter((link) => sameRow(link, links[0] ?? link)).length);
  const next = at + step[0] + step[1] * columns;
  if (next < 0 && step[1] < 0) onLeave();
  else links[next]?.focus();
}

/** Moves the focus to the first link. */
export function enter(list: HTMLElement | null): void {
  if (list !== null) linksIn(list)[0]?.focus();
}

function linksIn(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("a[data-patient]")];
}

function sameRow(link: HTMLElement, first: HTMLElement): boolean {
  return Math.abs(link.getBoundingClientRect().top - first.getBoundingClientRect().top) < 4;
}
