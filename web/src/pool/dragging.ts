import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";

/** How near the edge of the window one scrolls, and how far at most between two frames, in CSS pixels. */
const EDGE = 70;
const FASTEST = 18;

/** Where what is dragged would come: at a side of a card. */
export interface Spot {
  tile: string;
  side: "before" | "after";
}

export interface Grab {
  id: string;
  onStart: (id: string) => void;
}

/** Lets a picture be dragged by its handle. Returns how to stop that. */
export function letBeDragged(element: HTMLElement, dragHandle: HTMLElement, { id, onStart }: Grab): () => void {
  return draggable({
    element,
    dragHandle,
    getInitialData: () => ({ tile: id }),
    onDragStart: () => onStart(id),
  });
}

interface DropArea {
  /** Whether the columns stand beside each other, rather than one photograph above the other. */
  beside: () => boolean;
  /** Whether this may be dropped beside that. */
  allowed: (tile: string, beside: string) => boolean;
  onOver: (spot: Spot | null) => void;
  onDrop: (tile: string, spot: Spot) => void;
}

/** Lets cards be dropped between others of a grid, which scrolls while one drags near its edges. */
export function letBeDroppedIn(grid: HTMLElement, { beside, allowed, onOver, onDrop }: DropArea): () => void {
  let speed = 0;
  let frame = 0;
  const scroll = () => {
    grid.scrollTop += speed;
    frame = speed === 0 ? 0 : requestAnimationFrame(scroll);
  };
  const stop = () => {
    speed = 0;
    onOver(null);
  };
  const spotAt = (tile: string, x: number, y: number): Spot | null => {
    const over = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-tile]");
    const id = over?.dataset.tile;
    if (over == null || id === undefined || !allowed(tile, id)) return null;
    const { left, top, width, height } = over.getBoundingClientRect();
    const before = beside() ? x < left + width / 2 : y < top + height / 2;
    return { tile: id, side: before ? "before" : "after" };
  };
  const clean = dropTargetForElements({
    element: grid,
    canDrop: ({ source }) => typeof source.data.tile === "string",
    onDrag({ source, location }) {
      const { clientX, clientY } = location.current.input;
      const { top, bottom } = grid.getBoundingClientRect();
      speed = (Math.max(0, clientY - bottom + EDGE) - Math.max(0, top + EDGE - clientY)) * (FASTEST / EDGE);
      if (speed !== 0 && frame === 0) frame = requestAnimationFrame(scroll);
      onOver(spotAt(String(source.data.tile), clientX, clientY));
    },
    onDragLeave: stop,
    onDrop({ source, location }) {
      stop();
      const tile = String(source.data.tile);
      const spot = spotAt(tile, location.current.input.clientX, location.current.input.clientY);
      if (spot !== null) onDrop(tile, spot);
    },
  });
  return () => {
    cancelAnimationFrame(frame);
    clean();
  };
}
