import { useCallback, useMemo, useState } from "react";
import { inWords, tell } from "../ui/tell";
import type { Spot } from "./dragging";
import type { DateGroup, Direction } from "./groups";
import type { Way } from "./keys";
import { stepped, targetOf } from "./places";
import { reorder } from "./reordering";
import { useWords } from "./words";

interface Facts {
  patient: string;
  groups: readonly DateGroup[];
  direction: Direction;
  columns: number;
  mayChange: boolean;
}

/** How photographs are put in another order within their date (POOL-10), and what is said of it to who listens. */
export function useReordering({ patient, groups, direction, columns, mayChange }: Facts) {
  const { t } = useWords();
  const [said, say] = useState("");
  const groupOf = useCallback(
    (id: string) => groups.find(({ tiles }) => tiles.some((tile) => tile.id === id)),
    [groups],
  );
  const put = useCallback(
    (id: string, wanted: number): boolean => {
      const group = groupOf(id);
      const target = group && mayChange ? targetOf(group.tiles, id, wanted, direction) : null;
      const tile = group?.tiles.find((one) => one.id === id);
      if (group === undefined || target === null || tile?.image?.state !== "ready") return false;
      const count = group.tiles.filter(({ image }) => image !== undefined).length;
      say(t("order.moved", { position: target.index + 1, count }));
      reorder(patient, tile, target).catch((error: unknown) => {
        say(t("order.notMoved"));
        tell({ color: "red", title: t("order.notMoved"), message: inWords(error), autoClose: 10_000 });
      });
      return true;
    },
    [patient, groupOf, direction, mayChange, t],
  );
  const placed = useCallback(
    (id: string): [number, number] => {
      const known = groupOf(id)?.tiles.filter(({ image }) => image !== undefined) ?? [];
      return [known.findIndex((tile) => tile.id === id), known.length];
    },
    [groupOf],
  );
  const move = useCallback(
    (id: string, way: Way): boolean => {
      const [index, count] = placed(id);
      const wanted = stepped(index, count, columns, way);
      return wanted >= 0 && wanted <= count && put(id, wanted);
    },
    [placed, put, columns],
  );
  const allowed = useCallback(
    (id: string, beside: string) => {
      const group = groupOf(beside);
      return mayChange && group?.tiles.find((tile) => tile.id === beside)?.image !== undefined && group === groupOf(id);
    },
    [groupOf, mayChange],
  );
  const drop = useCallback(
    (id: string, { tile, side }: Spot) => {
      const [from] = placed(id);
      const [at] = placed(tile);
      const wanted = side === "before" ? at : at + 1;
      // it leaves its own place, and those behind it move up
      if (id !== tile) put(id, wanted > from ? wanted - 1 : wanted);
    },
    [placed, put],
  );
  return useMemo(() => ({ said, placed, move, allowed, drop }), [said, placed, move, allowed, drop]);
}
