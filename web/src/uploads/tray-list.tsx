import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { UploadRow } from "./row";
import { type Row, rowsOf } from "./rows";
import classes from "./tray.module.css";
import type { Upload } from "./upload";

const PATIENT_PX = 32;
const ROW_PX = 52;
const WORDY_PX = 76;
const BEYOND = 5;

interface TrayListProps {
  all: readonly Upload[];
  patientLabel: ((patient: string) => ReactNode) | undefined;
  /** A button was used that is there no more. */
  onActed: () => void;
}

/** The files by patient; only those in sight are in the document. */
export function TrayList({ all, patientLabel, onActed }: TrayListProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(all), [all]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: BEYOND,
  });
  return (
    <div ref={scroller} className={classes.scroller}>
      <ul className={classes.list} style={{ height: virtual.getTotalSize() }} aria-label={t("uploads.tray.files")}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const wordy = row.kind === "upload" && row.wordy;
          return (
            <li
              key={key}
              // to be measured means to be laid out at once: only where the height is not known
              ref={wordy ? virtual.measureElement : undefined}
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className={classes.item}
              style={{ transform: `translateY(${start}px)`, height: wordy ? undefined : heightOf(row) }}
            >
              {row.kind === "upload" ? (
                <UploadRow id={row.id} onActed={onActed} />
              ) : (
                <Link to={`/patients/${row.patient}/pool`} className={classes.patient}>
                  {patientLabel?.(row.patient) ?? t("uploads.tray.pool")}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function heightOf(row: Row | undefined): number {
  if (row?.kind === "patient") return PATIENT_PX;
  return row?.wordy ? WORDY_PX : ROW_PX;
}
