import { answered, api } from "./client";
import type { ImageView } from "./schema";

/** Ask the server to process a failed photograph again. Resolves to what it is now. */
export function retryImage(patient: string, image: string): Promise<ImageView> {
  return answered(
    api.POST("/api/v1/patients/{patient}/images/{image}/retry", { params: { path: { patient, image } } }),
  );
}
