import { Button, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { TrailRecord } from "../api/schema";
import { useSayProblem } from "../ui/say-problem";
import { goneTo } from "./keys";
import { TrailRow } from "./row";
import classes from "./table.module.css";
import { useWords } from "./words";

const ROW = 54;
const CARD = 86;
const HEAD = 36;
/** So many records before the end of what is loaded, what follows is asked for. */
const AHEAD = 30;
const OVERSCAN = 6;
const GHOSTS = 12;
const COLUMNS = ["at", "who", "what", "object", "patient", "site", "outcome", "address"] as const;

interface TrailTableProps {
  records: readonly TrailRecord[];
  hasMore: boolean;
  loading: boolean;
  /** Why what follows could not be had. */
  error: unknown;
  onMore: () => void;
  onOpen: (record: TrailRecord) => void;
}

/** Records under each other. Only what is near the visible part exists in the page; arrows move, Enter opens. */
export function TrailTable({ records, hasMore, loading, error, onMore, onOpen }: TrailTableProps) {
  const { t } = useWords();
  const scroll = useRef<HTMLDivElement>(null);
  const cards = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const height = cards ? CARD : ROW;
  const head = cards ? 0 : HEAD;
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    getItemKey: (n) => records[n]?.position ?? n,
    overscan: OVERSCAN,
    scrollMargin: head,
    scrollPaddingStart: head,
    rangeExtractor: useCallback(
      // the row with the focus is always there: the keyboard goes on from it
      (range: Range) => [...new Set([active, ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
      [active],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are computed, and change with this
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const more = useEffectEvent(onMore);
  const wanted = hasMore && !loading && error === null && last >= records.length - AHEAD;
  useEffect(() => {
    if (wanted) more();
  }, [wanted]);

  function move(event: KeyboardEvent): void {
    const to = goneTo(event.key, active, records.length, Math.floor((scroll.current?.clientHeight ?? 0) / height));
    if (to === null || !(event.target instanceof HTMLElement && "row" in event.target.dataset)) return;
    event.preventDefault();
    setActive(to);
    virtual.scrollToIndex(to);
    requestAnimationFrame(() => rowAt(to)?.focus({ preventScroll: true }));
  }

  function rowAt(n: number): HTMLElement | null {
    return scroll.current?.querySelector<HTMLElement>(`[data-row="${n}"]`) ?? null;
  }

  return (
    <div ref={scroll} className={classes.scroll} data-trail-scroll>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: one moves in it by arrows */}
      <table role="grid" aria-label={t("table")} aria-rowcount={hasMore ? -1 : records.length + 1}>
        <thead className={classes.head}>
          <tr aria-rowindex={1} className={classes.columns}>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={classes[name]}>
                {t(`columns.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={classes.body} style={{ height: virtual.getTotalSize() }} onKeyDown={move}>
          {items.map((item) => {
            const record = records[item.index];
            return (
              record !== undefined && (
                <TrailRow
                  key={item.key}
                  record={record}
                  index={item.index}
                  active={item.index === active}
                  style={{ height: item.size, transform: `translateY(${item.start - head}px)` }}
                  onFocus={setActive}
                  onOpen={onOpen}
                />
              )
            );
          })}
        </tbody>
      </table>
      <Foot hasMore={hasMore} error={error} onMore={onMore} />
    </div>
  );
}

/** What follows behind the last record: more, why not, or nothing. */
function Foot({ hasMore, error, onMore }: Pick<TrailTableProps, "hasMore" | "error" | "onMore">) {
  const { t } = useWords();
  const say = useSayProblem();
  return (
    <div className={classes.foot}>
      {error !== null ? (
        <>
          <Text c="dimmed" mb="xs" role="alert">
            {say(error)}
          </Text>
          <Button variant="default" onClick={onMore}>
            {t("translation:ui.error.retry")}
          </Button>
        </>
      ) : hasMore ? (
        <Skeleton h={20} w={220} mx="auto" />
      ) : (
        <Text size="sm" c="dimmed">
          {t("end")}
        </Text>
      )}
    </div>
  );
}

/** The table before anything is known. */
export function TableSkeleton() {
  return (
    <div className={classes.ghosts} aria-hidden>
      {Array.from({ length: GHOSTS }, (_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells skeletons apart
        <Skeleton key={n} h={ROW - 12} my={5} />
      ))}
    </div>
  );
}
