import { Portal, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPhotoOff, IconPhotoUp } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useDropzone } from "react-dropzone";
import { useTranslation } from "react-i18next";
import { tell } from "../ui/tell";
import classes from "./dropping.module.css";
import { FilesInput } from "./files-input";
import { type UploadLimits, uploads } from "./uploads";

interface DropAreaProps {
  patient: string;
  limits: UploadLimits;
  disabled?: boolean;
  /** Why it is disabled. */
  reason?: string;
  /** Says so in another way, to somebody who tries all the same. */
  onRefused?: () => void;
  children: ReactNode;
}

/** A page onto which files and folders may be dropped (POOL-2); `u` opens the file dialog. */
export function DropArea({ patient, limits, disabled = false, reason, onRefused, children }: DropAreaProps) {
  const { t } = useTranslation();
  const files = useRef<HTMLInputElement>(null);
  const ofPage = useRef(false);
  const [reading, setReading] = useState(false);
  const warn = (message: string) => tell({ color: "yellow", message });
  const zone = useDropzone({
    noClick: true,
    noKeyboard: true,
    noPaste: true,
    // folders take a moment to walk through; a second drop meanwhile would push the first one out
    disabled: reading,
    onDrop(dropped) {
      if (disabled) (onRefused ?? (() => warn(reason ?? t("uploads.drop.disabled"))))();
      else if (ofPage.current) warn(t("uploads.drop.ofPage"));
      else uploads.add(patient, dropped, limits);
    },
    onError: () => warn(t("uploads.drop.unreadable")),
  });
  useEffect(() => setReading(zone.isProcessing), [zone.isProcessing]);
  useHotkeys([["u", () => (disabled ? onRefused?.() : files.current?.click())]]);
  const dropped = (event: DragEvent) => {
    ofPage.current = isOfPage(event.dataTransfer);
  };
  const Icon = disabled ? IconPhotoOff : IconPhotoUp;
  const title = disabled ? "uploads.drop.disabled" : "uploads.drop.title";
  return (
    <div {...zone.getRootProps({ className: classes.area, onDropCapture: dropped })}>
      {!disabled && <FilesInput ref={files} patient={patient} limits={limits} />}
      {children}
      {(zone.isDragGlobal || zone.isProcessing) && (
        <Portal>
          <div className={classes.overlay} data-disabled={disabled || undefined}>
            <Icon size={44} stroke={1.3} />
            <Text size="lg" fw={600}>
              {t(zone.isProcessing ? "uploads.drop.reading" : title)}
            </Text>
            <Text c="dimmed">{disabled ? reason : t("uploads.drop.types")}</Text>
          </div>
        </Portal>
      )}
    </div>
  );
}

/** Whether a picture was dragged out of a page, perhaps another patient's, rather than a file from the disk. */
function isOfPage(dragged: DataTransfer): boolean {
  return dragged.types.includes("text/html");
}
