import { Button, Loader } from "@mantine/core";
import { IconAlertTriangle, IconFileX, IconPhotoOff, IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { retryInPool } from "../pool/pool";
import { tellProblem } from "../ui/tell";
import { Panel } from "./panel";

/** A photograph that cannot be shown (yet): why, and what one can do about it. */
export function NotReady({ image, onRetried }: { image: ImageView; onRetried: () => void }) {
  const { t } = useTranslation();
  const again = useMutation({
    mutationFn: () => retryInPool(image),
    onSuccess: onRetried,
    onError: tellProblem,
  });
  if (image.state === "rejected") {
    const why = image.reason === null ? image.message : t(`uploads.reasons.${image.reason}`);
    return <Panel icon={IconFileX} title={t("viewer.rejected.title")} about={why} alarming />;
  }
  if (image.state === "failed") {
    return (
      <Panel icon={IconAlertTriangle} title={t("viewer.failed.title")} about={t("viewer.failed.about")} alarming>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {t("viewer.failed.retry")}
        </Button>
      </Panel>
    );
  }
  return (
    <Panel title={t("viewer.processing.title")} about={t("viewer.processing.about")}>
      <Loader size="sm" color="gray" aria-hidden />
    </Panel>
  );
}

/** An address of a photograph that does not exist, or not for this user. */
export function Missing({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Panel icon={IconPhotoOff} title={t("viewer.missing.title")} about={t("viewer.missing.about")} alarming>
      <Button variant="default" onClick={onClose}>
        {t("viewer.missing.back")}
      </Button>
    </Panel>
  );
}
