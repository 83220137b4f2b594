import { Box, Skeleton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useMatch } from "react-router";
import { DateHeader } from "./date-header";
import classes from "./grid.module.css";
import { type DateGroup, type Row, rowsOf } from "./groups";
import { PoolTile } from "./tile";

const TILE = 200;
const PHONE_TILE = 150;
const GAP = 10;
const PADDING = 16;
const HEADER = 44;
const SHAPE = 3 / 4;

interface PoolGridProps {
  groups: readonly DateGroup[];
  complete: boolean;
  collapsed: ReadonlySet<string>;
  onToggle: (day: string) => void;
  onShowProperties: (image: string) => void;
  timeZone: string | undefined;
}

/** Tiles under the headers of their dates. Only what is near the visible part exists in the page. */
export function PoolGrid({ groups, complete, collapsed, onToggle, onShowProperties, timeZone }: PoolGridProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const room = Math.max(0, width - 2 * PADDING);
  const columns = columnsIn(room);
  const tileWidth = (room - (columns - 1) * GAP) / columns;
  const rowHeight = Math.round(tileWidth * SHAPE) + GAP;
  const rows = useMemo(() => rowsOf(groups, columns, collapsed, complete), [groups, columns, collapsed, complete]);
  const headers = useMemo(() => rows.flatMap((row, n) => (row.kind === "header" ? [n] : [])), [rows]);
  const stuck = useRef(0);
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (n) => (rows[n]?.kind === "header" ? HEADER : rowHeight),
    getItemKey: (n) => rows[n]?.key ?? n,
    overscan: 1,
    rangeExtractor: useCallback(
      (range: Range) => {
        // the header of the first visible row is always there, and sticks to the top
        stuck.current = headers.findLast((n) => n <= range.startIndex) ?? 0;
        return [...new Set([stuck.current, ...defaultRangeExtractor(range)])].sort((a, b) => a - b);
      },
      [headers],
    ),
  });
  const shown = useMatch("/patients/:patient/pool/:image")?.params.image;
  useEffect(() => {
    // behind the viewer, the tile of what it shows: there the focus goes when it is closed
    const row = rows.findIndex((one) => one.kind === "tiles" && one.tiles.some((tile) => tile.id === shown));
    if (shown !== undefined && row >= 0) virtual.scrollToIndex(row);
  }, [shown, rows, virtual]);
  const measure = useCallback(
    (element: HTMLDivElement | null) => {
      scroll.current = element;
      measured(element);
    },
    [measured],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are computed, and change with these
  useMemo(() => virtual.measure(), [rowHeight, rows]);
  return (
    <Box ref={measure} className={classes.scroll} data-pool-scroll>
      <div className={classes.all} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index] as Row;
          const sticks = item.index === stuck.current;
          return (
            <div
              key={item.key}
              className={sticks ? classes.stuck : classes.row}
              style={sticks ? { height: item.size } : { height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row.kind === "header" ? (
                <DateHeader row={row} onToggle={onToggle} />
              ) : (
                <ul className={classes.tiles} style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
                  {row.tiles.map((tile) => (
                    <PoolTile key={tile.id} tile={tile} timeZone={timeZone} onShowProperties={onShowProperties} />
                  ))}
                </ul>
              )}
            </div>
          );
        })}
      </div>
    </Box>
  );
}

function columnsIn(room: number): number {
  const wished = room < 480 ? PHONE_TILE : TILE;
  return Math.max(2, Math.round((room + GAP) / (wished + GAP)));
}

/** The grid before anything is known of the pool. */
export function PoolSkeleton() {
  return (
    <Box p={PADDING} aria-hidden>
      <Skeleton h={18} w={220} my={13} />
      <Box className={classes.skeleton}>
        {Array.from({ length: 18 }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells skeletons apart
          <Skeleton key={n} radius={6} className={classes.ghost} />
        ))}
      </Box>
    </Box>
  );
}
