import i18next from "i18next";
import { answered, api } from "../api/client";
import { Problem } from "../api/problem";
import { queryClient } from "../api/queries";
import type { ImageView, MoveTarget, MoveView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import { live } from "../live/live";
import { inWords } from "../ui/tell";

export type Outcome = "moved" | "duplicate" | "failed";

/** Whom photographs of a patient would go to: the one with this unique ID. */
export function previewMove(patient: string, unique_id: string): Promise<MoveTarget> {
  const params = { path: { patient } };
  return answered(api.POST("/api/v1/patients/{patient}/move-preview", { params, body: { unique_id } }));
}

/** Begin to move a photograph as it is now; `onOutcome` is told once what became of it. */
export async function move(
  patient: string,
  image: ImageView,
  target: MoveTarget,
  onOutcome: (outcome: Outcome) => void,
): Promise<MoveView> {
  const path = { patient, image: image.id };
  const seen = await api.GET("/api/v1/patients/{patient}/images/{image}", { params: { path } });
  const header = { "If-Match": seen.response.headers.get("ETag") ?? "" };
  const body = { patient: target.patient, unique_id: target.unique_id };
  const stop = live.follow(image.patient, (news) => {
    void outcomeOf(news, patient, image).then((outcome) => {
      if (outcome === null) return;
      stop();
      for (const of of ["pool", "patient"]) void queryClient.invalidateQueries({ queryKey: [of, target.patient] });
      onOutcome(outcome);
    });
  });
  try {
    const params = { path, header };
    return await answered(api.POST("/api/v1/patients/{patient}/images/{image}/move", { params, body }));
  } catch (error) {
    stop();
    throw error;
  }
}

/** What became of a photograph that was on its way; null while it still is. */
async function outcomeOf(news: LiveNews, patient: string, image: ImageView): Promise<Outcome | null> {
  if (news.type === "resync") return asked(patient, image);
  if (news.data.image !== image.id) return null;
  if (news.event === "images.moved_away") return "moved";
  if (news.event !== "images.move_given_up") return null;
  return news.data.reason === "duplicate" ? "duplicate" : "failed";
}

/** The same, where news of it may have been missed. */
async function asked(patient: string, { id }: ImageView): Promise<Outcome | null> {
  const params = { path: { patient, image: id } };
  try {
    const now = await answered(api.GET("/api/v1/patients/{patient}/images/{image}", { params }));
    return now.moving ? null : "failed";
  } catch (error) {
    return error instanceof Problem && error.status === 404 ? "moved" : null;
  }
}

/** A problem in the words of this dialog; in those of the whole interface where it has none. */
export function problemInWords(error: unknown): string {
  const key = error instanceof Problem ? `moving:problems.${error.code}` : "";
  return i18next.exists(key) ? i18next.t(key as "moving:problems.not_found") : inWords(error);
}
