import { Spoiler } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { useSite } from "../session/session";
import { formatBytes } from "../ui/bytes";
import { formatInstant, formatLocal } from "../ui/dates";
import { Fact, Facts } from "../ui/fact-list";
import { Checksum } from "./checksum";
import { cameraName, formatExposure, formatMegapixels, formatName, formatNumber } from "./facts";
import { usePersonName } from "./person";

/** CSS pixels; file names may have thousands of characters. */
const LONGEST_NAME = 124;

/** What the file is. */
export function FileFacts({ image }: { image: ImageView }) {
  const { t, i18n } = useTranslation();
  const { width, height } = image;
  return (
    <Facts title={t("properties.file")}>
      <Fact name={t("properties.fileName")}>
        <Spoiler maxHeight={LONGEST_NAME} showLabel={t("properties.more")} hideLabel={t("properties.less")}>
          {asData(image.file_name)}
        </Spoiler>
      </Fact>
      <Fact name={t("properties.format")}>{formatName(image.media_type)}</Fact>
      {width !== null && height !== null && (
        <Fact name={t("properties.dimensions")}>
          {t("properties.pixels", { width, height, megapixels: formatMegapixels(width, height, i18n.language) })}
        </Fact>
      )}
      <Fact name={t("properties.size")}>{formatBytes(image.bytes, i18n.language)}</Fact>
    </Facts>
  );
}

/** What happened to it here. */
export function RecordFacts({ image }: { image: ImageView }) {
  const { t } = useTranslation();
  const zone = useSite(image.site)?.time_zone;
  const uploader = usePersonName(image.uploaded_by);
  return (
    <Facts title={t("properties.record")}>
      <Fact name={t("properties.effective")}>{formatInstant(image.effective_at, zone)}</Fact>
      <Fact name={t("properties.uploadedAt")}>{formatInstant(image.uploaded_at, zone)}</Fact>
      <Fact name={t("properties.uploadedBy")}>{asData(uploader)}</Fact>
    </Facts>
  );
}

/** What the camera wrote into the file. */
export function CameraFacts({ image }: { image: ImageView }) {
  const { t, i18n } = useTranslation();
  const capture = image.capture;
  if (capture === null) return null;
  const { captured_at, lens, exposure_seconds, f_number, iso, focal_length_mm, flash_fired } = capture;
  return (
    <Facts title={t("properties.camera")}>
      <Fact name={t("properties.capturedAt")}>{captured_at != null && formatLocal(captured_at)}</Fact>
      <Fact name={t("properties.cameraName")}>{asData(cameraName(capture))}</Fact>
      <Fact name={t("properties.lens")}>{asData(lens)}</Fact>
      <Fact name={t("properties.exposure")}>
        {exposure_seconds != null && formatExposure(exposure_seconds, i18n.language)}
      </Fact>
      <Fact name={t("properties.aperture")}>{f_number != null && `f/${formatNumber(f_number, 1, i18n.language)}`}</Fact>
      <Fact name={t("properties.sensitivity")}>{iso != null && `ISO ${iso}`}</Fact>
      <Fact name={t("properties.focalLength")}>
        {focal_length_mm != null && `${formatNumber(focal_length_mm, 1, i18n.language)} mm`}
      </Fact>
      <Fact name={t("properties.flash")}>
        {flash_fired != null && t(flash_fired ? "properties.flashFired" : "properties.flashNot")}
      </Fact>
    </Facts>
  );
}

/** By what one can tell that it is still the same. */
export function IntegrityFacts({ image }: { image: ImageView }) {
  const { t, i18n } = useTranslation();
  return (
    <Facts title={t("properties.integrity")}>
      <Fact name={t("properties.checksum")}>
        <Checksum sha256={image.sha256} />
      </Fact>
      <Fact name={t("properties.revision")}>{formatNumber(image.revision, 0, i18n.language)}</Fact>
    </Facts>
  );
}

/** What somebody else wrote, in whatever direction. */
function asData(text: string | null | undefined) {
  return text ? <bdi>{text}</bdi> : null;
}
