import { Group, Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import { Outlet, useParams } from "react-router";
import { usePrefer, usePreference } from "../preferences/preferences";
import { withAnyOf } from "../tags/filtering";
import { byId } from "../tags/known";
import { NothingMatches, PoolFilter } from "../tags/pool-filter";
import { useCategories } from "../tags/tags";
import { ErrorState } from "../ui/error-state";
import { part } from "../ui/part";
import type { Upload } from "../uploads/uploads";
import { usePoolExtras } from "./extras";
import { PoolGrid, type PoolHand } from "./grid";
import { type Direction, grouped } from "./groups";
import type { Zoom } from "./layout";
import { PoolOrderProvider } from "./order";
import classes from "./photographs.module.css";
import type { Photographs as Known } from "./pool";
import { rotate } from "./rotate";
import { useSelection } from "./selection";
import { PoolSkeleton } from "./skeleton";
import { useFolding } from "./use-folding";
import { useNewest } from "./use-newest";
import { ViewOptions } from "./view-options";

const PropertiesDrawer = lazy(part(async () => ({ default: (await import("../properties/drawer")).PropertiesDrawer })));
const TaggingDialog = lazy(part(async () => ({ default: (await import("./tagging-dialog")).TaggingDialog })));
const DatingDialog = lazy(part(async () => ({ default: (await import("./dating-dialog")).DatingDialog })));
const SelectionBar = lazy(part(async () => ({ default: (await import("./selection-bar")).SelectionBar })));

const NO_UPLOADS: readonly Upload[] = [];

interface PhotographsProps {
  patient: string;
  /** The patient's home site. */
  home: string | undefined;
  timeZone: string | undefined;
  known: Known;
  uploads?: readonly Upload[];
  mayChange: boolean;
  /** Whether they are a part of a page that scrolls as a whole; else they are the page. */
  partOfPage?: boolean;
  /** What stands at both sides of the view's options. */
  heading: ReactNode;
  tools?: ReactNode;
  /** Stands for all of it where there is nothing. */
  empty: ReactNode;
}

/** Photographs by effective date, and what can be done with them: those of a pool, or of a workspace (WRK-2). */
export function Photographs(props: PhotographsProps) {
  const { patient, home, timeZone, known, uploads = NO_UPLOADS, mayChange, partOfPage = false } = props;
  const { data: pool, error, refetch } = known;
  const direction = usePreference("pool_direction") ?? "newest";
  const prefer = usePrefer();
  const zoom = usePreference("pool_zoom") ?? "medium";
  const setZoom = useCallback((chosen: Zoom) => prefer({ pool_zoom: chosen }), [prefer]);
  const setDirection = useCallback((chosen: Direction) => prefer({ pool_direction: chosen }), [prefer]);
  const [shown, setShown] = useState<string | null>(null);
  const [tags, setTags] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => {
    if (pool === undefined) return [];
    // what is on its way has no tags yet
    return grouped(withAnyOf(pool.images, tags), tags.size === 0 ? uploads : [], timeZone, direction);
  }, [pool, uploads, tags, timeZone, direction]);
  const { collapsed, toggle, expandAll, collapseAll } = useFolding(groups);
  const order = useMemo(
    () => ({
      ids: groups.flatMap((group) => group.tiles.filter((tile) => tile.image !== undefined).map((tile) => tile.id)),
      image: (wanted: string) => pool?.images.get(wanted),
      complete: pool?.complete ?? false,
    }),
    [groups, pool],
  );
  const selection = useSelection(order.ids);
  const selected = useMemo(() => [...selection.ids], [selection.ids]);
  const [asked, ask] = useState<Asked | null>(null);
  const imagesOf = (ids: readonly string[]) => ids.flatMap((id) => pool?.images.get(id) ?? []);
  const turn = useNewest((images: readonly string[]) => {
    for (const image of imagesOf(images)) if (image.state === "ready") void rotate(image);
  });
  const extras = usePoolExtras();
  const choose = useNewest((images: readonly string[]) => extras.choose?.(imagesOf(images)));
  const hand: PoolHand = useMemo(
    () => ({
      properties: setShown,
      tag: (images) => ask({ what: "tag", images }),
      date: (images) => ask({ what: "date", images }),
      rotate: (images) => turn(images),
      choose: (images) => choose(images),
      zoom: setZoom,
    }),
    [setZoom, turn, choose],
  );
  const categories = useCategories(home);
  const knownTags = useMemo(() => byId(categories ?? []), [categories]);
  const viewing = useParams().image !== undefined;
  const empty = pool?.complete === true && groups.length === 0 && tags.size === 0;
  const image = shown === null ? undefined : pool?.images.get(shown);
  const waiting = partOfPage ? <Skeleton h={120} /> : <PoolSkeleton />;
  return (
    <PoolOrderProvider value={order}>
      <div className={partOfPage ? undefined : classes.page}>
        {!(empty && partOfPage) && (
          <Group className={partOfPage ? classes.part : classes.bar} justify="space-between" wrap="nowrap">
            {props.heading}
            <Group gap="xs" wrap="nowrap">
              {!empty && (
                <ViewOptions
                  zoom={zoom}
                  onZoom={setZoom}
                  direction={direction}
                  onDirection={setDirection}
                  onExpand={expandAll}
                  onCollapse={collapseAll}
                />
              )}
              {props.tools}
            </Group>
          </Group>
        )}
        {pool !== undefined && !partOfPage && (
          <PoolFilter site={home} images={pool.images} chosen={tags} onChoose={setTags} />
        )}
        {tags.size > 0 && groups.length === 0 && <NothingMatches />}
        {pool === undefined && (error === null ? waiting : <ErrorState error={error} onRetry={() => void refetch()} />)}
        {empty && props.empty}
        {groups.length > 0 && (
          <PoolGrid
            patient={patient}
            groups={groups}
            direction={direction}
            complete={pool?.complete ?? false}
            collapsed={collapsed}
            onToggle={toggle}
            zoom={zoom}
            selection={selection}
            known={knownTags}
            timeZone={timeZone}
            mayChange={mayChange}
            idle={!viewing && asked === null && shown === null}
            partOfPage={partOfPage}
            hand={hand}
          />
        )}
        {selected.length > 0 && (
          <Suspense>
            <SelectionBar
              patient={patient}
              selected={selected}
              mayChange={mayChange}
              onTag={() => hand.tag(selected)}
              onDate={() => hand.date(selected)}
              onClear={selection.clear}
            />
          </Suspense>
        )}
      </div>
      {image !== undefined && (
        <Suspense>
          <PropertiesDrawer patient={patient} image={image} opened onClose={() => setShown(null)} />
        </Suspense>
      )}
      <Suspense>
        {asked?.what === "tag" && (
          <TaggingDialog patient={patient} site={home} images={imagesOf(asked.images)} onClose={() => ask(null)} />
        )}
        {asked?.what === "date" && timeZone !== undefined && (
          <DatingDialog
            patient={patient}
            images={imagesOf(asked.images)}
            timeZone={timeZone}
            onClose={() => ask(null)}
          />
        )}
      </Suspense>
      <Outlet />
    </PoolOrderProvider>
  );
}

/** What is to be changed of which photographs: a dialog asks how. */
interface Asked {
  what: "tag" | "date";
  images: readonly string[];
}
