import { useTranslation } from "react-i18next";
import { inNumbers } from "./numbers";
import { type Upload, useObstacle } from "./uploads";

/** What the tray says of all uploads together. */
export function useHeading(all: readonly Upload[]): string {
  const { t } = useTranslation();
  const obstacle = useObstacle();
  const { unsent, processing, added, skipped, failed, total, done } = inNumbers(all);
  if (unsent > 0 && obstacle !== null) return t(`uploads.heading.${obstacle}`, { count: unsent });
  if (unsent > 0) return t("uploads.heading.uploading", { done, total });
  if (processing > 0) return t("uploads.heading.processing", { count: processing });
  const parts = [
    added > 0 && t("uploads.heading.added", { count: added }),
    skipped > 0 && t("uploads.heading.skipped", { count: skipped }),
    failed > 0 && t("uploads.heading.failed", { count: failed }),
  ];
  return parts.filter((part) => part !== false).join(" · ");
}

/** What is read out: a sentence when uploading begins, stops and ends, and none in between. */
export function useAnnouncement(all: readonly Upload[]): string {
  const { t } = useTranslation();
  const obstacle = useObstacle();
  const { unsent, processing, total } = inNumbers(all);
  if (all.length === 0) return "";
  if (unsent > 0 && obstacle !== null) return t(`uploads.announcement.${obstacle}`);
  if (unsent + processing > 0) return t("uploads.announcement.begun", { count: total });
  return t("uploads.announcement.ended");
}
