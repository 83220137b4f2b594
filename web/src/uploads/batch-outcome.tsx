import { Anchor, Text } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImageView } from "../api/schema";
import { part } from "../ui/part";
import classes from "./batch-outcome.module.css";
import type { SettledBatch } from "./batches";
import { FileName } from "./file-name";
import { useReason } from "./reasons";
import type { Upload } from "./uploads";

const NAMED = 5;
const WayToConsent = lazy(part(async () => ({ default: (await import("../consent/notice")).WayToConsent })));

export interface BatchOutcomeProps {
  batch: SettledBatch;
  patientLabel: ((patient: string) => ReactNode) | undefined;
  /** Show all files with what became of them. */
  onShowAll: () => void;
}

/** What became of a batch, apart from what was added: the first few files by name, each with why. */
export function BatchOutcome({ batch, patientLabel, onShowAll }: BatchOutcomeProps) {
  const { t } = useTranslation();
  const patient = batch[0]?.patient;
  const failed = batch.filter(({ state }) => state === "failed");
  const skipped = batch.filter(({ state }) => state !== "added" && state !== "failed");
  const more = failed.length + skipped.length - NAMED;
  return (
    <div className={classes.message}>
      {patient !== undefined && patientLabel?.(patient)}
      {skipped.length > 0 && <Text size="sm">{t("uploads.batch.skipped", { count: skipped.length })}</Text>}
      <Files files={skipped.slice(0, NAMED)} />
      {patient !== undefined && skipped.some(({ problem }) => problem?.code === "consent_required") && (
        <Suspense>
          <WayToConsent patient={patient} />
        </Suspense>
      )}
      {failed.length > 0 && <Text size="sm">{t("uploads.batch.failed", { count: failed.length })}</Text>}
      <Files files={failed.slice(0, Math.max(0, NAMED - skipped.length))} />
      {more > 0 && (
        <Anchor component="button" type="button" size="sm" ta="start" onClick={onShowAll}>
          {t("uploads.batch.more", { count: more })}
        </Anchor>
      )}
    </div>
  );
}

/** Files by name. Those with the same reason share it. */
function Files({ files }: { files: readonly Upload[] }) {
  const reasonOf = useReason();
  const byReason = new Map<string, Upload[]>();
  for (const upload of files) {
    const reason = upload.state === "duplicate" ? upload.id : reasonOf(upload);
    byReason.set(reason, [...(byReason.get(reason) ?? []), upload]);
  }
  if (files.length === 0) return null;
  return (
    <ul className={classes.files}>
      {[...byReason].map(([reason, alike]) => (
        <li key={reason}>
          {alike.map(({ id, name }) => (
            <strong key={id}>
              <FileName name={name} />
            </strong>
          ))}
          {alike[0]?.state === "duplicate" ? <Equal image={alike[0].image} /> : <span>{reason}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The photograph that a duplicate equals. */
function Equal({ image: { patient, id, file_name } }: { image: ImageView }) {
  const { t } = useTranslation();
  return (
    <span>
      {t("uploads.batch.equals")}{" "}
      <Anchor component={Link} to={`/patients/${patient}/pool/${id}`} inherit>
        <FileName name={file_name} />
      </Anchor>
    </span>
  );
}
