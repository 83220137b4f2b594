const GAP = 5;
/** The room that a label takes beside its words, and the sign for more. */
const AROUND = 31;
const MORE = 30;

let context: CanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

/** How many of these labels fit beside each other, with the sign for more where not all do; at least one. */
export function fitting(labels: readonly number[], room: number): number {
  let used = 0;
  for (let n = 0; n < labels.length; n++) {
    used += (labels[n] ?? 0) + (n === 0 ? 0 : GAP);
    const more = n === labels.length - 1 ? 0 : GAP + MORE;
    if (used + more > room) return Math.max(1, n);
  }
  return labels.length;
}

/** How wide the label of a tag with this name is, in CSS pixels. */
export function labelWidth(name: string): number {
  let width = widths.get(name);
  if (width === undefined) {
    context ??= document.createElement("canvas").getContext("2d");
    if (context !== null) context.font = `550 12.5px ${getComputedStyle(document.body).fontFamily}`;
    width = Math.ceil(context?.measureText(name).width ?? name.length * 8) + AROUND;
    widths.set(name, width);
  }
  return width;
}
