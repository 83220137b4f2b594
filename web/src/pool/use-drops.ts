import { type RefObject, useEffect, useState } from "react";
import { tellProblem } from "../ui/tell";
import type { Spot } from "./dragging";
import { dragging } from "./use-grab";
import { useNewest } from "./use-newest";

interface Drops {
  enabled: boolean;
  columns: number;
  allowed: (tile: string, beside: string) => boolean;
  onDrop: (tile: string, spot: Spot) => void;
}

/** Lets cards be dropped in the grid; where one would come now. */
export function useDrops(grid: RefObject<HTMLElement | null>, { enabled, columns, allowed, onDrop }: Drops) {
  const [over, setOver] = useState<Spot | null>(null);
  const beside = useNewest(() => columns > 1);
  const mayDrop = useNewest(allowed);
  const dropped = useNewest(onDrop);
  useEffect(() => {
    if (!enabled) return;
    let left = false;
    let stop = () => {};
    const onOver = (spot: Spot | null) =>
      setOver((was) => (was?.tile === spot?.tile && was?.side === spot?.side ? was : spot));
    void dragging().then(({ letBeDroppedIn }) => {
      if (left || grid.current === null) return;
      stop = letBeDroppedIn(grid.current, { beside, allowed: mayDrop, onOver, onDrop: dropped });
    }, tellProblem);
    return () => {
      left = true;
      stop();
    };
  }, [grid, enabled, beside, mayDrop, dropped]);
  return over;
}
