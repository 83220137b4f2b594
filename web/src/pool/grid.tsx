import { Box, VisuallyHidden } from "@mantine/core";
import { useElementSize, useMediaQuery } from "@mantine/hooks";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useParams } from "react-router";
import type { KnownTag } from "../tags/known";
import { DateHeader } from "./date-header";
import classes from "./grid.module.css";
import { type DateGroup, type Direction, type Row, rowsOf } from "./groups";
import { type Command, reached } from "./keys";
import { HEADER, layoutOf, PADDING, rowWith, type Zoom, zoomed } from "./layout";
import { OrderMenu } from "./order-menu";
import type { Selection } from "./selection";
import { PoolTile, type TileHand } from "./tile";
import { useDrops } from "./use-drops";
import { useGridKeys } from "./use-grid-keys";
import { useKeptPlace } from "./use-kept-place";
import { useNewest } from "./use-newest";
import { useReordering } from "./use-reordering";
import { useRoving } from "./use-roving";
import { useScroller } from "./use-scroller";

/** What can be asked for of photographs beside looking at them. */
export interface PoolHand {
  properties: (image: string) => void;
  tag: (images: readonly string[]) => void;
  date: (images: readonly string[]) => void;
  rotate: (images: readonly string[]) => void;
  choose: (images: readonly string[]) => void;
  zoom: (zoom: Zoom) => void;
}

interface PoolGridProps {
  patient: string;
  groups: readonly DateGroup[];
  direction: Direction;
  complete: boolean;
  collapsed: ReadonlySet<string>;
  onToggle: (day: string) => void;
  zoom: Zoom;
  selection: Selection;
  known: ReadonlyMap<string, KnownTag>;
  timeZone: string | undefined;
  mayChange: boolean;
  /** Whether nothing lies over the pool. */
  idle: boolean;
  /** Whether it is a part of a page that scrolls as a whole. */
  partOfPage: boolean;
  hand: PoolHand;
}

/** Tiles under the headers of their dates. Only what is near the visible part exists in the page. */
export function PoolGrid(props: PoolGridProps) {
  const { patient, groups, direction, complete, collapsed, onToggle, zoom, selection, known, timeZone, mayChange } =
    props;
  const { idle, partOfPage, hand } = props;
  const page = useRef<HTMLDivElement>(null);
  const { scroller: scroll, margin, attach } = useScroller(partOfPage);
  const side = partOfPage ? 0 : PADDING;
  const hovers = useMediaQuery("(hover: hover)", true, { getInitialValueInEffect: false });
  const { ref: measured, width } = useElementSize();
  const layout = useMemo(() => layoutOf(zoom, Math.max(0, width - 2 * side)), [zoom, width, side]);
  const { columns, rowHeight, gap, tileWidth } = layout;
  const rows = useMemo(() => rowsOf(groups, columns, collapsed, complete), [groups, columns, collapsed, complete]);
  const headers = useMemo(() => rows.flatMap((row, n) => (row.kind === "header" ? [n] : [])), [rows]);
  const roving = useRoving(rows, scroll);
  const stuck = useRef(0);
  const virtual = useVirtualizer<HTMLElement, Element>({
    count: width === 0 ? 0 : rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (n) => (rows[n]?.kind === "header" ? HEADER : rowHeight),
    getItemKey: (n) => rows[n]?.key ?? n,
    overscan: 1,
    scrollPaddingStart: HEADER,
    scrollPaddingEnd: gap,
    scrollMargin: margin,
    rangeExtractor: useCallback(
      (range: Range) => {
        // the header of the first visible row is always there, and sticks to the top; so is the card with the focus
        stuck.current = headers.findLast((n) => n <= range.startIndex) ?? 0;
        const always = roving.row < 0 ? [stuck.current] : [stuck.current, roving.row];
        return [...new Set([...always, ...defaultRangeExtractor(range)])].sort((a, b) => a - b);
      },
      [headers, roving.row],
    ),
  });
  const shown = useParams().image;
  useEffect(() => {
    // behind the viewer, the tile of what it shows: there the focus goes when it is closed
    const row = rowWith(rows, shown);
    if (shown !== undefined && row >= 0) virtual.scrollToIndex(row);
  }, [shown, rows, virtual]);
  const measure = useCallback(
    (element: HTMLDivElement | null) => {
      attach(element);
      measured(element);
    },
    [attach, measured],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are computed, and change with these
  useMemo(() => virtual.measure(), [rowHeight, rows]);
  useKeptPlace(virtual, rows, layout, roving.active, margin);

  const order = useReordering({ patient, groups, direction, columns, mayChange });
  const over = useDrops(scroll, { enabled: mayChange, columns, allowed: order.allowed, onDrop: order.drop });
  const [menu, setMenu] = useState<{ id: string; grip: HTMLElement } | null>(null);
  const goTo = (id: string) => {
    roving.goTo(id);
    const row = rowWith(rows, id);
    if (row >= 0) virtual.scrollToIndex(row);
  };
  const { setActive } = roving;
  const tile: TileHand = useMemo(
    () => ({
      properties: hand.properties,
      select: selection.toggle,
      tag: (image) => hand.tag([image]),
      grip: (id, grip) => setMenu({ id, grip }),
      grabbed: setActive,
    }),
    [hand, selection.toggle, setActive],
  );
  const obey = useNewest((command: Command, card: string | null): boolean => {
    const meant = selection.ids.size > 0 ? [...selection.ids] : card === null ? [] : [card];
    if ("way" in command) {
      if (card === null) return false;
      if (command.do === "move") return order.move(card, command.way);
      const to = reached(rows, card, command.way);
      if (to !== null) goTo(to);
      if (to !== null && command.do === "extend") selection.extend(card, to);
      return true;
    }
    switch (command.do) {
      case "in":
      case "out":
        hand.zoom(zoomed(zoom, command.do === "in" ? 1 : -1));
        return true;
      case "clear":
        selection.clear();
        return selection.ids.size > 0;
      case "tag":
      case "date":
        if (meant.length > 0 && mayChange) hand[command.do](meant);
        return meant.length > 0;
      case "rotate":
        if (meant.length > 0 && mayChange) hand.rotate(meant);
        return meant.length > 0;
      case "choose":
        hand.choose(meant);
        return meant.length > 0;
      case "open":
        if (card !== null) scroll.current?.querySelector<HTMLElement>(`[data-open="${CSS.escape(card)}"]`)?.click();
        return card !== null;
      case "select":
        if (card !== null) selection.toggle(card);
        return card !== null;
    }
  });
  useGridKeys(page, idle && menu === null, obey);
  const items = virtual.getVirtualItems();
  const stop = roving.row >= 0 ? roving.active : firstOf(items.map(({ index }) => rows[index]));
  const [index, count] = menu === null ? [0, 0] : order.placed(menu.id);
  return (
    <>
      <div ref={page} className={classes.page} style={{ "--gap": `${gap}px`, "--side": `${side}px` } as CSSProperties}>
        <Box
          ref={measure}
          className={partOfPage ? undefined : classes.scroll}
          data-pool-scroll={!partOfPage || undefined}
          onFocus={roving.onFocus}
        >
          <div className={classes.all} style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index] as Row;
              const sticks = item.index === stuck.current;
              return (
                <div
                  key={item.key}
                  className={sticks ? classes.stuck : classes.row}
                  style={
                    sticks
                      ? { height: item.size }
                      : { height: item.size, transform: `translateY(${item.start - margin}px)` }
                  }
                >
                  {row.kind === "header" ? (
                    <DateHeader
                      row={row}
                      level={partOfPage ? 3 : 2}
                      selected={selection.ids}
                      onToggle={onToggle}
                      onSelect={selection.toggleAll}
                    />
                  ) : (
                    <ul className={classes.tiles} style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
                      {row.tiles.map((one) => (
                        <PoolTile
                          key={one.id}
                          tile={one}
                          timeZone={timeZone}
                          zoom={zoom}
                          tileWidth={tileWidth}
                          selected={selection.ids.has(one.id)}
                          active={one.id === stop}
                          hovers={hovers}
                          mayChange={mayChange}
                          drop={over?.tile === one.id ? over.side : undefined}
                          known={known}
                          hand={tile}
                        />
                      ))}
                    </ul>
                  )}
                </div>
              );
            })}
          </div>
        </Box>
      </div>
      {menu !== null && (
        <OrderMenu
          grip={menu.grip}
          index={index}
          count={count}
          onMove={(way) => {
            order.move(menu.id, way);
            goTo(menu.id);
          }}
          onClose={() => setMenu(null)}
        />
      )}
      <VisuallyHidden role="status">{order.said}</VisuallyHidden>
    </>
  );
}

/** The first card that is there to come to. */
function firstOf(rows: readonly (Row | undefined)[]): string | null {
  const tiles = rows.flatMap((row) => (row?.kind === "tiles" ? row.tiles : []));
  return tiles.find(({ image }) => image?.state === "ready")?.id ?? null;
}
