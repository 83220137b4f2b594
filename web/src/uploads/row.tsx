import { ActionIcon, Anchor, Loader, Progress } from "@mantine/core";
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconCopy,
  IconPhoto,
  IconRefresh,
  IconUpload,
  IconX,
} from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImageView } from "../api/schema";
import { FileName } from "./file-name";
import { UploadWords } from "./progress";
import { useReason } from "./reasons";
import classes from "./row.module.css";
import { isSettled, isUnsent, mayRetry } from "./upload";
import { type Upload, type UploadState, uploads, useUpload } from "./uploads";

interface RowProps {
  id: string;
  /** A button was used that is there no more. */
  onActed: () => void;
}

/** One file in the tray: what it is, where it is, and what can be done about it. */
export const UploadRow = memo(function UploadRow({ id, onActed }: RowProps) {
  const { t } = useTranslation();
  const upload = useUpload(id);
  if (upload === undefined) return null;
  const { name, state } = upload;
  const then = (act: () => void) => () => {
    act();
    onActed();
  };
  return (
    <div className={classes.row} data-upload={state}>
      <Thumbnail upload={upload} />
      <div className={classes.text}>
        <FileName name={name} />
        <div className={classes.state}>
          <StateIcon state={state} />
          <span>
            <UploadWords upload={upload} />
            {state === "duplicate" && <Equal image={upload.image} />}
            {state === "waiting" && <Delay upload={upload} />}
          </span>
        </div>
        {state === "sending" && (
          <Progress value={upload.sent * 100} size={3} aria-label={t("uploads.progressOf", { name })} />
        )}
      </div>
      {mayRetry(upload) && (
        <Action label={t("uploads.retry", { name })} onClick={then(() => uploads.retry(id))}>
          <IconRefresh size={17} stroke={1.7} />
        </Action>
      )}
      {(isUnsent(upload) || isSettled(upload)) && (
        <Action
          label={t(isUnsent(upload) ? "uploads.cancel" : "uploads.remove", { name })}
          onClick={then(() => uploads.remove(id))}
        >
          <IconX size={17} stroke={1.7} />
        </Action>
      )}
    </div>
  );
});

/** Many rows are shown at once: a title does for them, where a tooltip each would cost time. */
function Action({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <ActionIcon
      className={classes.action}
      variant="subtle"
      color="gray"
      size={30}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  );
}

/** The photograph that a duplicate equals. */
function Equal({ image: { patient, id, file_name } }: { image: ImageView }) {
  const { t } = useTranslation();
  return (
    <>
      {" "}
      <Anchor component={Link} to={`/patients/${patient}/pool/${id}`} inherit>
        {t("uploads.equal")} <FileName name={file_name} />
      </Anchor>
    </>
  );
}

/** Why a file has to be sent again. */
function Delay({ upload }: { upload: Upload }) {
  const reasonOf = useReason();
  return <> {reasonOf(upload)}</>;
}

function Thumbnail({ upload }: { upload: Upload }) {
  const { preview } = upload;
  const stored = upload.state === "duplicate" ? upload.image.id : upload.state === "added" ? upload.id : null;
  const picture = preview ?? (stored && `/api/v1/patients/${upload.patient}/images/${stored}/renditions/320`);
  return (
    <span className={classes.thumbnail}>
      {picture ? <img src={picture} alt="" draggable={false} /> : <IconPhoto size={18} stroke={1.4} />}
    </span>
  );
}

function StateIcon({ state }: { state: UploadState }) {
  const look = { size: 15, stroke: 1.8, className: classes.icon, "aria-hidden": true };
  switch (state) {
    case "waiting":
      return <IconClock {...look} />;
    case "sending":
      return <IconUpload {...look} />;
    case "processing":
      return <Loader size={13} color="gray" className={classes.icon} aria-hidden />;
    case "added":
      return <IconCheck {...look} />;
    case "duplicate":
      return <IconCopy {...look} />;
    case "rejected":
    case "refused":
      return <IconAlertTriangle {...look} />;
    case "failed":
      return <IconAlertCircle {...look} />;
  }
}
