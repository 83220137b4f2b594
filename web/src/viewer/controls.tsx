import { ActionIcon, Loader, Skeleton, Text, Tooltip } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
  IconInfoCircle,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconRotateClockwise,
  IconX,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { Control } from "./control";
import classes from "./controls.module.css";
import { originalAddress } from "./sources";
import { CONTROLS } from "./use-fading";
import type { Zoom } from "./use-zoom";
import { isClosest, magnification } from "./zoom";

const ICON = { size: 20, stroke: 1.7 };

interface ControlsProps {
  image: ImageView | undefined;
  /** From 1; 0 where the photograph is not part of the pool. */
  position: number;
  count: number;
  /** Whether that many is all. */
  complete: boolean;
  timeZone: string | undefined;
  zoom: Zoom | null;
  faded: boolean;
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  /** Null where the photograph cannot be turned, or not by this user. */
  onRotate: (() => void) | null;
  /** What the place that the viewer lies over adds to it. */
  added: ReactNode;
  onInfo: () => void;
  onClose: () => void;
}

/** Everything that can be done with the photograph, over it, out of the way when the pointer rests. */
export function Controls(props: ControlsProps) {
  const { image, position, count, complete, timeZone, zoom, faded } = props;
  const { onPrevious, onNext, onRotate, added, onInfo, onClose } = props;
  const { t } = useTranslation();
  return (
    <div className={classes.controls} data-faded={faded || undefined} data-added={Boolean(added) || undefined}>
      <Pill place="title">
        {image === undefined ? (
          <Skeleton h={14} w={170} my={3} />
        ) : (
          <>
            {position > 0 && (
              <Text component="span" fw={600}>
                {t(complete ? "viewer.position" : "viewer.positionSoFar", { position, count })}
              </Text>
            )}
            <Text component="span" className={classes.when}>
              {formatInstant(image.effective_at, timeZone)}
            </Text>
          </>
        )}
      </Pill>
      <Pill place="actions">
        {added}
        {onRotate !== null && (
          <Control label={t("viewer.rotate")} keys="R" onClick={onRotate}>
            {image?.rotating ? <Loader size={18} color="gray" /> : <IconRotateClockwise {...ICON} />}
          </Control>
        )}
        <Control label={t("viewer.info")} keys="I" disabled={image === undefined} onClick={onInfo}>
          <IconInfoCircle {...ICON} />
        </Control>
        {image !== undefined && image.state !== "rejected" && (
          <Tooltip label={t("viewer.download")}>
            <ActionIcon
              component="a"
              href={originalAddress(image)}
              download
              className={classes.control}
              aria-label={t("viewer.download")}
            >
              <IconDownload {...ICON} />
            </ActionIcon>
          </Tooltip>
        )}
        <Control label={t("viewer.close")} keys="Esc" onClick={onClose}>
          <IconX {...ICON} />
        </Control>
      </Pill>
      <Pill place="previous">
        <Control label={t("viewer.previous")} keys="←" disabled={onPrevious === null} onClick={onPrevious}>
          <IconChevronLeft {...ICON} />
        </Control>
      </Pill>
      <Pill place="next">
        <Control label={t("viewer.next")} keys="→" disabled={onNext === null} onClick={onNext}>
          <IconChevronRight {...ICON} />
        </Control>
      </Pill>
      {zoom !== null && <ZoomControls zoom={zoom} />}
    </div>
  );
}

function ZoomControls({ zoom }: { zoom: Zoom }) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" }).format(
    magnification(zoom.view, zoom.scene),
  );
  return (
    <Pill place="zoom" label={t("viewer.zoom")}>
      <Control label={t("viewer.out")} keys="−" disabled={!zoom.closer} onClick={() => zoom.step(-1)}>
        <IconMinus {...ICON} />
      </Control>
      <Text component="span" className={classes.percent} data-zoom={percent}>
        {percent}
      </Text>
      <Control label={t("viewer.in")} keys="+" disabled={isClosest(zoom.view, zoom.scene)} onClick={() => zoom.step(1)}>
        <IconPlus {...ICON} />
      </Control>
      <Control label={t("viewer.fit")} keys="0" disabled={!zoom.closer} onClick={zoom.fit}>
        <IconMaximize {...ICON} />
      </Control>
      <Control label={t("viewer.actual")} keys="1" onClick={zoom.actual}>
        <span className={classes.ratio}>1:1</span>
      </Control>
    </Pill>
  );
}

interface PillProps {
  place: "title" | "actions" | "previous" | "next" | "zoom";
  label?: string;
  children: ReactNode;
}

/** A piece of furniture over the photograph. Changes of the title are read out. */
function Pill({ place, label, children }: PillProps) {
  const group = label === undefined ? {} : { role: "group", "aria-label": label };
  const live = place === "title" ? ({ "aria-live": "polite", "aria-atomic": true } as const) : {};
  return (
    <div className={classes.pill} data-place={place} {...{ [CONTROLS]: "" }} {...group} {...live}>
      {children}
    </div>
  );
}
