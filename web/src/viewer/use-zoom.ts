import { useState, useSyncExternalStore } from "react";
import {
  actualScale,
  type Beginning,
  first,
  fitted,
  isCloser,
  moved,
  nextScale,
  type Point,
  type Scene,
  toggledScale,
  type View,
  zoomed,
} from "./zoom";

const CENTRE: Point = { x: 0, y: 0 };

/** How one looks at the photograph, and how to change that. Null where nothing is to be seen. */
export interface Zoom {
  scene: Scene;
  view: View;
  /** Whether one sees it closer than as a whole. */
  closer: boolean;
  /** Whether the last change was a step, which is shown as a movement, rather than the movement itself. */
  stepped: boolean;
  by(factor: number, at: Point): void;
  pan(by: Point, stepped?: boolean): void;
  step(direction: 1 | -1): void;
  toggle(at: Point): void;
  fit(): void;
  actual(): void;
}

interface Chosen {
  photograph: string;
  /** Null before anything was chosen. */
  view: View | "whole" | null;
  stepped: boolean;
}

/** Each photograph begins as its user likes; one that is seen whole stays whole while the stage changes. */
export function useZoom(photograph: string, scene: Scene | null, beginning: Beginning): Zoom | null {
  const [chosen, setChosen] = useState<Chosen>({ photograph, view: null, stepped: false });
  if (scene === null) return null;

  const current = (from: Chosen): View => {
    const view = from.photograph === photograph ? from.view : null;
    if (view === null) return first(beginning, scene);
    return view === "whole" ? fitted(scene) : zoomed(view, view.scale, CENTRE, scene);
  };
  const change = (to: (view: View) => View, stepped: boolean) =>
    setChosen((from) => {
      const view = to(current(from));
      return { photograph, view: isCloser(view, scene) ? view : "whole", stepped };
    });
  const view = current(chosen);
  return {
    scene,
    view,
    closer: isCloser(view, scene),
    stepped: chosen.stepped && chosen.photograph === photograph,
    by: (factor, at) => change((from) => zoomed(from, from.scale * factor, at, scene), false),
    pan: (by, stepped = false) => change((from) => moved(from, by, scene), stepped),
    step: (direction) => change((from) => zoomed(from, nextScale(from, direction, scene), CENTRE, scene), true),
    toggle: (at) => change((from) => zoomed(from, toggledScale(from, scene), at, scene), true),
    fit: () => change(() => fitted(scene), true),
    actual: () => change((from) => zoomed(from, actualScale(scene), CENTRE, scene), true),
  };
}

function onResize(changed: () => void): () => void {
  addEventListener("resize", changed);
  return () => removeEventListener("resize", changed);
}

/** Device pixels per CSS pixel, also after the browser's own zoom. */
export function useDevicePixels(): number {
  return useSyncExternalStore(onResize, () => window.devicePixelRatio);
}
