import { Button, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconHourglass } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { tellProblem } from "../ui/tell";
import { UploadWords } from "../uploads/progress";
import { type Upload, uploads, useUpload } from "../uploads/uploads";
import { retryInPool } from "./pool";
import classes from "./tile.module.css";

/** What is said on the card of a photograph that is not there yet. */
export function Underway({ upload, registered }: { upload: Upload | undefined; registered: boolean }) {
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

/** What is said on the card of a photograph whose processing failed. */
export function Failed({ image }: { image: ImageView }) {
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
