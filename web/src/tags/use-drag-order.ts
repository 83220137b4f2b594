import { type DragEvent, type KeyboardEvent, useState } from "react";

interface DragOrder {
  /** For what one takes hold of. */
  handle: (place: number) => {
    draggable: true;
    onDragStart: (event: DragEvent) => void;
    onDragEnd: () => void;
    onKeyDown: (event: KeyboardEvent) => void;
  };
  /** For what is moved, and where it is dropped. */
  item: (place: number) => {
    onDragOver: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
    "data-dragged": true | undefined;
    "data-over": true | undefined;
  };
}

/** Items that are dragged to their places with a mouse, or moved with the arrows while their handle has the focus. */
export function useDragOrder(count: number, onMove: (from: number, to: number) => void): DragOrder {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  return {
    handle: (place) => ({
      draggable: true,
      onDragStart: (event) => {
        event.stopPropagation();
        event.dataTransfer.effectAllowed = "move";
        setDragged(place);
      },
      onDragEnd: end,
      onKeyDown: (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        if (place + step >= 0 && place + step < count) onMove(place, place + step);
      },
    }),
    item: (place) => ({
      onDragOver: (event) => {
        if (dragged === null) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(place);
      },
      onDrop: (event) => {
        if (dragged === null) return;
        event.preventDefault();
        event.stopPropagation();
        if (dragged !== place) onMove(dragged, place);
        end();
      },
      "data-dragged": dragged === place || undefined,
      "data-over": (over === place && dragged !== null && dragged !== place) || undefined,
    }),
  };
}
