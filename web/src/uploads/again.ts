import { Problem } from "../api/problem";
import type { Surroundings } from "./surroundings";
import { awaited, type Upload, type UploadNews } from "./upload";

/**
 * Have a failed photograph processed again. Resolves to what that means for the upload; null when the server says that
 * it did not fail, so that it has to be asked what became of it.
 */
export async function processAgain(
  upload: Upload,
  retry: Surroundings["retry"],
  mayBeSent: boolean,
): Promise<UploadNews | null> {
  try {
    return { type: "seen", image: await retry(upload.patient, awaited(upload)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "image_not_failed") return null;
    if (error.code === "not_found" && mayBeSent) return { type: "restarted" };
    return { type: "failed", problem: { code: error.code, sentence: error.detail } };
  }
}
