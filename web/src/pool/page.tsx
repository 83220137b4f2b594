import { Group, Text, Title } from "@mantine/core";
import { lazy, memo, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useParams } from "react-router";
import { useConsent } from "../consent/consent";
import { useLicence } from "../licence/licence";
import { whyNoUploads } from "../licence/words";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { usePrefer, usePreference } from "../preferences/preferences";
import { useInstallation } from "../session/installation";
import { useSite } from "../session/session";
import { withAnyOf } from "../tags/filtering";
import { byId } from "../tags/known";
import { NothingMatches, PoolFilter } from "../tags/pool-filter";
import { useCategories } from "../tags/tags";
import { ErrorState } from "../ui/error-state";
import { usePageTitle } from "../ui/page-title";
import { part } from "../ui/part";
import { UploadButton } from "../uploads/button";
import { DropArea } from "../uploads/dropping";
import { useUploads } from "../uploads/uploads";
import { Empty, type Uploading } from "./empty";
import { PoolGrid, type PoolHand } from "./grid";
import { type Direction, grouped } from "./groups";
import type { Zoom } from "./layout";
import { PoolOrderProvider } from "./order";
import classes from "./page.module.css";
import { usePool } from "./pool";
import { rotate } from "./rotate";
import { useSelection } from "./selection";
import { PoolSkeleton } from "./skeleton";
import { useFolding } from "./use-folding";
import { useNewest } from "./use-newest";
import { ViewOptions } from "./view-options";

const PoolConsentMark = lazy(part(async () => ({ default: (await import("../consent/marks")).PoolConsentMark })));
const PropertiesDrawer = lazy(part(async () => ({ default: (await import("../properties/drawer")).PropertiesDrawer })));
const TaggingDialog = lazy(part(async () => ({ default: (await import("./tagging-dialog")).TaggingDialog })));
const DatingDialog = lazy(part(async () => ({ default: (await import("./dating-dialog")).DatingDialog })));
const SelectionBar = lazy(part(async () => ({ default: (await import("./selection-bar")).SelectionBar })));
const consentNotice = part(() => import("../consent/notice"));

/** All photographs of a patient (POOL-1). */
export function PoolPage() {
  const { t } = useTranslation();
  const { patient: id = "" } = useParams();
  const record = usePatient(id).data;
  const site = useSite(record?.site);
  const bytes = useInstallation()?.upload_limit_bytes ?? Number.POSITIVE_INFINITY;
  const mayContribute = useMayContribute(record);
  const refused = whyNoUploads(useLicence().data, t);
  const consent = useConsent(id).data;
  const unconsented = mayContribute && refused === null && consent?.enforcement === "required" && !consent.given;
  const disabled = !mayContribute || refused !== null || unconsented;
  const why = refused ?? t("uploads.reasons.consent_required");
  const reason = mayContribute ? why : t("pool.mayNotUpload");
  const uploading = useMemo(
    () => ({
      patient: id,
      limits: { bytes },
      disabled,
      reason,
      ...(unconsented && { onRefused: () => void consentNotice().then((notice) => notice.tellConsentMissing(id)) }),
    }),
    [id, bytes, disabled, reason, unconsented],
  );
  usePageTitle(t("frame.places.pool"));
  return (
    <DropArea {...uploading}>
      <Contents
        key={id}
        patient={id}
        home={record?.site}
        timeZone={site?.time_zone}
        mayChange={mayContribute}
        uploading={uploading}
      />
    </DropArea>
  );
}

interface ContentsProps {
  patient: string;
  /** The patient's home site. */
  home: string | undefined;
  timeZone: string | undefined;
  mayChange: boolean;
  uploading: Uploading;
}

/** What changes with each photograph and each upload. */
function Contents({ patient, home, timeZone, mayChange, uploading }: ContentsProps) {
  const { data: pool, error, refetch } = usePool(patient);
  const uploads = useUploads(patient);
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
  const turn = useNewest((images: readonly string[]) => {
    for (const id of images) {
      const image = pool?.images.get(id);
      if (image?.state === "ready") void rotate(image);
    }
  });
  const hand: PoolHand = useMemo(
    () => ({
      properties: setShown,
      tag: (images) => ask({ what: "tag", images }),
      date: (images) => ask({ what: "date", images }),
      rotate: (images) => turn(images),
      zoom: setZoom,
    }),
    [setZoom, turn],
  );
  const categories = useCategories(home);
  const known = useMemo(() => byId(categories ?? []), [categories]);
  const viewing = useParams().image !== undefined;
  const imagesOf = ({ images }: Asked) => images.flatMap((id) => pool?.images.get(id) ?? []);
  const empty = pool?.complete === true && groups.length === 0 && tags.size === 0;
  const image = shown === null ? undefined : pool?.images.get(shown);
  return (
    <PoolOrderProvider value={order}>
      <div className={classes.page}>
        <Group className={classes.bar} justify="space-between" wrap="nowrap">
          <Heading patient={patient} total={pool === undefined || empty ? null : pool.total} />
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
            <UploadButton {...uploading} />
          </Group>
        </Group>
        {pool !== undefined && <PoolFilter site={home} images={pool.images} chosen={tags} onChoose={setTags} />}
        {tags.size > 0 && groups.length === 0 && <NothingMatches />}
        {pool === undefined &&
          (error === null ? <PoolSkeleton /> : <ErrorState error={error} onRetry={() => void refetch()} />)}
        {empty && <Empty uploading={uploading} />}
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
            known={known}
            timeZone={timeZone}
            mayChange={mayChange}
            idle={!viewing && asked === null && shown === null}
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
          <TaggingDialog patient={patient} site={home} images={imagesOf(asked)} onClose={() => ask(null)} />
        )}
        {asked?.what === "date" && timeZone !== undefined && (
          <DatingDialog patient={patient} images={imagesOf(asked)} timeZone={timeZone} onClose={() => ask(null)} />
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

const Heading = memo(function Heading({ patient, total }: { patient: string; total: number | null }) {
  const { t } = useTranslation();
  return (
    <Group gap={10} align="baseline" wrap="nowrap" miw={0}>
      <Title order={1} className={classes.title}>
        {t("frame.places.pool")}
      </Title>
      {total !== null && (
        <Text c="dimmed" size="sm" truncate>
          {t("pool.count", { count: total })}
        </Text>
      )}
      {total !== null && (
        <Suspense>
          <PoolConsentMark patient={patient} />
        </Suspense>
      )}
    </Group>
  );
});
