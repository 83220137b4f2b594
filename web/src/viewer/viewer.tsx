import { Loader } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { PatientBanner } from "../patients/banner";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { usePoolExtras } from "../pool/extras";
import { usePoolOrder } from "../pool/order";
import { rotate } from "../pool/rotate";
import { usePreference } from "../preferences/preferences";
import { PropertiesDrawer } from "../properties/drawer";
import { useSite } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { Controls } from "./controls";
import { ViewerDialog } from "./dialog";
import classes from "./dialog.module.css";
import { commandOf } from "./keys";
import { Missing } from "./states";
import { Strip, sceneOf } from "./strip";
import { useFading } from "./use-fading";
import { useShownImage } from "./use-shown-image";
import { useWalk } from "./use-walk";
import { useDevicePixels, useZoom } from "./use-zoom";

/** One photograph on the whole screen, over the pool. Whose it is stays in sight (PAT-7). */
export function Viewer() {
  const { t } = useTranslation();
  const { patient = "", image: id = "" } = useParams();
  const order = usePoolOrder();
  const { viewing, choose } = usePoolExtras();
  const { image, missing, error, refetch } = useShownImage(patient, id);
  const { index, hurrying, go, close } = useWalk(id);
  const record = usePatient(patient).data;
  const timeZone = useSite(image?.site)?.time_zone;
  const { ref, width, height } = useElementSize();
  const size = { width, height };
  const dpr = useDevicePixels();
  const zoom = useZoom(id, sceneOf(image, size, dpr), usePreference("viewer_zoom") ?? "fit");
  const [informed, setInformed] = useState(false);
  const faded = useFading(informed || zoom === null);

  const previous = index > 0 ? order.ids[index - 1] : undefined;
  const next = index >= 0 ? order.ids[index + 1] : undefined;
  const ready = image?.state === "ready";
  const mayRotate = useMayContribute(record) && ready;
  const onRotate = mayRotate ? () => void rotate(image) : null;
  const onKey = (event: KeyboardEvent) => {
    const command = commandOf(event, zoom?.closer ?? false);
    if (command === null) return;
    event.preventDefault();
    if (typeof command === "object") return zoom?.pan(command, true);
    const commands = {
      previous: () => go(previous),
      next: () => go(next),
      first: () => go(order.ids[0]),
      last: () => go(order.ids.at(-1)),
      in: () => zoom?.step(1),
      out: () => zoom?.step(-1),
      fit: () => zoom?.fit(),
      actual: () => zoom?.actual(),
      info: () => setInformed(image !== undefined),
      rotate: () => onRotate?.(),
      choose: () => ready && viewing !== undefined && choose?.([image]),
      close,
    };
    commands[command]();
  };

  return (
    <>
      <ViewerDialog onKey={onKey} quiet={faded}>
        <PatientBanner patient={record} />
        <div ref={ref} className={classes.room}>
          {image !== undefined ? (
            <Strip
              size={size}
              dpr={dpr}
              image={image}
              previous={previous === undefined ? undefined : order.image(previous)}
              next={next === undefined ? undefined : order.image(next)}
              zoom={zoom}
              timeZone={timeZone}
              hurrying={hurrying}
              onPrevious={() => go(previous)}
              onNext={() => go(next)}
              onRefresh={refetch}
            />
          ) : missing ? (
            <Missing onClose={close} />
          ) : error !== null ? (
            <div className={classes.centre}>
              <ErrorState error={error} onRetry={refetch} />
            </div>
          ) : (
            <div className={classes.centre} role="status" aria-label={t("ui.loading")}>
              <Loader color="gray" />
            </div>
          )}
          <Controls
            image={image}
            position={index + 1}
            count={order.ids.length}
            complete={order.complete}
            timeZone={timeZone}
            zoom={zoom}
            faded={faded}
            onPrevious={previous === undefined ? null : () => go(previous)}
            onNext={next === undefined ? null : () => go(next)}
            onRotate={onRotate}
            added={ready && viewing?.(image)}
            onInfo={() => setInformed(true)}
            onClose={close}
          />
        </div>
      </ViewerDialog>
      {image !== undefined && (
        <PropertiesDrawer patient={patient} image={image} opened={informed} onClose={() => setInformed(false)} />
      )}
    </>
  );
}
