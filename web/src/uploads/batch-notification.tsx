import { notifications } from "@mantine/notifications";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { BatchOutcome, type BatchOutcomeProps } from "./batch-outcome";
import type { SettledBatch } from "./batches";
import { inNumbers } from "./numbers";
import { uploads } from "./uploads";

const GOOD_NEWS_MS = 4_000;

/** Tell the end of each batch, once (POOL-3). Bad news stay until they are closed, or nobody is signed in any more. */
export function useBatchNotifications(look: Omit<BatchOutcomeProps, "batch">): void {
  const { t } = useTranslation();
  const show = useEffectEvent((batch: SettledBatch): string => {
    const good = batch.every(({ state }) => state === "added");
    return notifications.show({
      color: good ? "teal" : "yellow",
      autoClose: good ? GOOD_NEWS_MS : false,
      closeButtonProps: { "aria-label": t("uploads.batch.close") },
      title: <Title batch={batch} />,
      message: <BatchOutcome batch={batch} {...look} />,
    });
  });
  useEffect(() => {
    const shown: string[] = [];
    const stop = uploads.onBatch((batch) => shown.push(show(batch)));
    return () => {
      stop();
      for (const id of shown) notifications.hide(id);
    };
  }, []);
}

function Title({ batch }: { batch: SettledBatch }) {
  const { t } = useTranslation();
  return t("uploads.batch.added", { count: inNumbers(batch).added });
}
