import { answered, api } from "../api/client";
import type { ImageView } from "../api/schema";
import { tellProblem } from "../ui/tell";
import { poolChanges, poolEdited } from "./known";

/** Turn a photograph clockwise by a quarter turn; clicks add up (POOL-13). That it is on its way is shown at once, the
 * picture follows when it is made.
 */
export async function rotate({ patient, id }: ImageView): Promise<void> {
  poolChanges(patient, id, (image) => ({ ...image, rotating: true }));
  const params = { path: { patient, image: id }, header: { "Idempotency-Key": crypto.randomUUID() } };
  const asked = api.POST("/api/v1/patients/{patient}/images/{image}/rotation", { params, body: { quarter_turns: 1 } });
  try {
    poolEdited(patient, [await answered(asked)]);
  } catch (error) {
    poolChanges(patient, id, (image) => ({ ...image, rotating: false }));
    tellProblem(error);
  }
}
