import { Button, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconHourglass, IconInfoCircle, IconPhoto } from "@tabler/icons-react";
import { memo, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImageView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { tellProblem } from "../ui/tell";
import { UploadWords } from "../uploads/progress";
import { type Upload, uploads, useUpload, useUploadPreview } from "../uploads/uploads";
import { renditionAddress } from "../viewer/sources";
import type { FromPool } from "../viewer/use-walk";
import type { Tile } from "./groups";
import { retryInPool } from "./pool";
import classes from "./tile.module.css";

const FROM_POOL: FromPool = { fromPool: true };

interface PoolTileProps {
  tile: Tile;
  timeZone: string | undefined;
  onShowProperties: (image: string) => void;
}

/** A photograph, or one on its way: first its local preview with progress, then the stored version (POOL-4). */
export const PoolTile = memo(function PoolTile({ tile, timeZone, onShowProperties }: PoolTileProps) {
  const { t } = useTranslation();
  const { image, upload } = tile;
  const ready = image?.state === "ready";
  const when = image === undefined ? "" : formatInstant(image.effective_at, timeZone);
  return (
    <li className={classes.tile} data-tile={tile.id} data-state={image?.state ?? upload?.state}>
      <Picture image={image} alt={ready ? t("pool.alt", { when }) : ""}>
        {(hidden) => upload !== undefined && !hidden && <Preview upload={upload} />}
      </Picture>
      {ready && (
        <>
          <Link
            to={image.id}
            state={FROM_POOL}
            className={classes.open}
            aria-label={t("pool.open", { when })}
            data-open={image.id}
          />
          {/* many tiles appear at once: a title does for them, where a tooltip each would cost time */}
          <button
            type="button"
            className={classes.info}
            title={t("pool.properties")}
            aria-label={t("pool.propertiesOf", { when })}
            onClick={() => onShowProperties(image.id)}
          >
            <IconInfoCircle size={17} stroke={1.7} />
          </button>
        </>
      )}
      {image?.state === "failed" ? (
        <Failed image={image} />
      ) : (
        !ready && <Underway upload={upload} registered={image !== undefined} />
      )}
    </li>
  );
});

interface PictureProps {
  image: ImageView | undefined;
  alt: string;
  children: (hidden: boolean) => ReactNode;
}

/** The stored tile over its local preview, which stays until there is something to see instead. */
function Picture({ image, alt, children }: PictureProps) {
  const [stored, setStored] = useState(false);
  return (
    <>
      <span className={classes.nothing}>
        <IconPhoto size={32} stroke={1.2} />
      </span>
      {children(stored)}
      {image?.state === "ready" && (
        <img
          src={renditionAddress(image, 320)}
          alt={alt}
          className={classes.picture}
          draggable={false}
          decoding="async"
          onLoad={() => setStored(true)}
        />
      )}
    </>
  );
}

function Preview({ upload }: { upload: Upload }) {
  const preview = useUploadPreview(upload);
  return preview !== null && <img src={preview} alt="" className={classes.picture} draggable={false} />;
}

function Underway({ upload, registered }: { upload: Upload | undefined; registered: boolean }) {
  const { t } = useTranslation();
  if (registered || upload === undefined) {
    return (
      <span className={classes.state}>
        <IconHourglass size={13} stroke={1.8} />
        {t("pool.processing")}
      </span>
    );
  }
  return upload.state === "failed" ? <Unsent upload={upload} /> : <Sending id={upload.id} />;
}

function Sending({ id }: { id: string }) {
  const { t } = useTranslation();
  const upload = useUpload(id);
  if (upload === undefined) return null;
  return (
    <>
      <span className={classes.state}>
        <UploadWords upload={upload} />
      </span>
      <Progress
        className={classes.progress}
        value={upload.sent * 100}
        size={4}
        radius={0}
        transitionDuration={0}
        aria-label={t("pool.uploading")}
      />
    </>
  );
}

function Unsent({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  return (
    <span className={classes.over}>
      <IconAlertTriangle size={22} stroke={1.6} />
      <Button size="compact-sm" variant="white" color="dark" onClick={() => uploads.retry(upload.id)}>
        {t("pool.retry")}
      </Button>
    </span>
  );
}

function Failed({ image }: { image: ImageView }) {
  const { t } = useTranslation();
  return (
    <span className={classes.over}>
      <IconAlertTriangle size={22} stroke={1.6} />
      <Text size="xs">{t("pool.failed")}</Text>
      <Button size="compact-sm" variant="white" color="dark" onClick={() => void retryInPool(image).catch(tellProblem)}>
        {t("pool.retry")}
      </Button>
    </span>
  );
}
