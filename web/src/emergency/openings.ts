import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { NewOpening, OpeningView } from "../api/schema";
import { forgetPatient } from "../patients/patient";

const KEY = ["openings"];
const PAGE = 20;

/** One's own emergency accesses, newest first. */
export function useOpenings() {
  return useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/v1/openings", { params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: 30_000,
  });
}

/** Take emergency access; repeating it under the same key takes it once. */
export async function openPatient(opening: NewOpening, idempotencyKey: string): Promise<OpeningView> {
  const params = { header: { "Idempotency-Key": idempotencyKey } };
  const opened = await answered(api.POST("/api/v1/openings", { body: opening, params }));
  await forgetPatient(opened.patient);
  void queryClient.invalidateQueries({ queryKey: KEY });
  return opened;
}

/** End an emergency access before its time. */
export async function endOpening({ id: opening, patient }: OpeningView): Promise<void> {
  await answered(api.DELETE("/api/v1/openings/{opening}", { params: { path: { opening } } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
  void forgetPatient(patient);
}
