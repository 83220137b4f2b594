import type { ChangeEvent, Ref } from "react";
import { type UploadLimits, uploads } from "./uploads";

/** What the file dialog offers first. A hint only: what a file is, its bytes tell. */
const TYPES =
  "image/jpeg,image/png,image/webp,image/avif,image/tiff,image/gif,.jpg,.jpeg,.png,.webp,.avif,.tif,.tiff,.gif";

interface FilesInputProps {
  ref: Ref<HTMLInputElement>;
  patient: string;
  limits: UploadLimits;
  /** Opens the camera instead of the file dialog, where there is one. */
  camera?: boolean;
}

/** Opens, when it is clicked, the dialog whose files are uploaded. Not seen. */
export function FilesInput({ ref, patient, limits, camera = false }: FilesInputProps) {
  const chosen = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    uploads.add(patient, [...(currentTarget.files ?? [])], limits);
    // the same file may be chosen again
    currentTarget.value = "";
  };
  const how = camera ? ({ accept: "image/*", capture: "environment" } as const) : { accept: TYPES, multiple: true };
  return <input ref={ref} type="file" hidden onChange={chosen} {...how} />;
}
