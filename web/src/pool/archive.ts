import { answered, api } from "../api/client";
import { today } from "../ui/dates";

/** How many photographs an archive takes. */
export const LARGEST_ARCHIVE = 500;

/** Save the originals of photographs as one ZIP archive (POOL-15). The browser holds it, on its disk where it is large,
 * so that a refusal can be read and nothing that is cut off is taken for whole.
 */
export async function downloadArchive(patient: string, images: readonly string[]): Promise<void> {
  const asked = api.POST("/api/v1/patients/{patient}/pool/archive", {
    params: { path: { patient } },
    body: { images: [...images] },
    parseAs: "blob",
  });
  const address = URL.createObjectURL((await answered(asked)) as Blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = `photographs-${today(undefined)}.zip`;
  link.click();
  // the browser takes a moment to open what it saves
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
