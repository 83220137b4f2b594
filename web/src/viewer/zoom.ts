/** Width and height: CSS pixels of a stage, pixels of a photograph. */
export interface Size {
  width: number;
  height: number;
}

/** A place on the stage, or a way: CSS pixels from the stage's centre, right and down. */
export interface Point {
  x: number;
  y: number;
}

/** How a photograph lies on its stage: CSS pixels per pixel of it, and where its centre is. */
export interface View extends Point {
  scale: number;
}

/** What stays the same while one looks at a photograph. `dpr`: device pixels per CSS pixel. */
export interface Scene {
  picture: Size;
  stage: Size;
  dpr: number;
}

/** Device pixels per pixel of the photograph at the closest. */
const CLOSEST = 4;
const STOPS = [0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.7, 1, 1.5, 2, 3, CLOSEST];
/** Two scales that nobody can tell apart. */
const SAME = 1.005;

/** The scale at which one pixel of the photograph is one pixel of the screen. */
export function actualScale({ dpr }: Scene): number {
  return 1 / dpr;
}

/** The whole photograph, as large as the stage allows, never enlarged. */
export function fitted(scene: Scene): View {
  const { picture, stage } = scene;
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height, actualScale(scene));
  return { scale, x: 0, y: 0 };
}

/** How one begins to look at a photograph: as a whole, or in its own pixels where those do not fit. */
export type Beginning = "fit" | "pixels";

/** The view that one begins with. */
export function first(beginning: Beginning, scene: Scene): View {
  return beginning === "fit" ? fitted(scene) : { scale: actualScale(scene), x: 0, y: 0 };
}

/** Whether one sees the photograph closer than as a whole. */
export function isCloser(view: View, scene: Scene): boolean {
  return view.scale > fitted(scene).scale * SAME;
}

/** Whether one is as close as it gets. */
export function isClosest(view: View, scene: Scene): boolean {
  return view.scale * SAME >= CLOSEST * actualScale(scene);
}

/** The view at another scale: what was under `at` stays under it, as far as the bounds allow. */
export function zoomed(view: View, wanted: number, at: Point, scene: Scene): View {
  const scale = Math.max(fitted(scene).scale, Math.min(wanted, CLOSEST * actualScale(scene)));
  const by = scale / view.scale;
  return bounded({ scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, scene);
}

/** The view with the photograph dragged along. */
export function moved(view: View, by: Point, scene: Scene): View {
  return bounded({ ...view, x: view.x + by.x, y: view.y + by.y }, scene);
}

/** The nearest view without a needless gap: an edge comes inside the stage only where the photograph is smaller. */
export function bounded(view: View, { picture, stage }: Scene): View {
  const roomX = Math.max(0, (picture.width * view.scale - stage.width) / 2);
  const roomY = Math.max(0, (picture.height * view.scale - stage.height) / 2);
  return { ...view, x: within(view.x, roomX), y: within(view.y, roomY) };
}

function within(value: number, room: number): number {
  return room === 0 ? 0 : Math.max(-room, Math.min(value, room));
}

/** The next scale up (1) or down (-1) on a ladder of round percentages. */
export function nextScale(view: View, direction: 1 | -1, scene: Scene): number {
  const ratio = view.scale / actualScale(scene);
  const stop =
    direction === 1 ? (STOPS.find((s) => s > ratio * SAME) ?? CLOSEST) : (STOPS.findLast((s) => s * SAME < ratio) ?? 0);
  return stop * actualScale(scene);
}

/** Where a double tap leads: from the whole to the actual pixels, at least twice as close, and back. */
export function toggledScale(view: View, scene: Scene): number {
  const whole = fitted(scene).scale;
  return isCloser(view, scene) ? whole : Math.max(actualScale(scene), whole * 2);
}

/** Pixels of the screen per pixel of the photograph; 1 is 1 : 1. */
export function magnification(view: View, scene: Scene): number {
  return view.scale / actualScale(scene);
}

/** Where the photograph's top left corner is, from the stage's, on whole pixels of the screen so that 1 : 1 is sharp. */
export function corner(view: View, { picture, stage, dpr }: Scene): Point {
  const whole = (value: number) => Math.round(value * dpr) / dpr;
  return {
    x: whole((stage.width - picture.width * view.scale) / 2 + view.x),
    y: whole((stage.height - picture.height * view.scale) / 2 + view.y),
  };
}
