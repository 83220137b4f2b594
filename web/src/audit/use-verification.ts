import { useMutation, useMutationState } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { VerificationView } from "../api/schema";

const KEY = ["trail-verification"];

export interface Verdict {
  view: VerificationView;
  /** When it was given, ISO 8601. */
  at: string;
}

/**
 * Having the trail verified. It goes on while other pages are looked at, and the last verdict stays until the
 * browser loads the page anew or somebody signs out.
 */
export function useVerification() {
  const { mutate } = useMutation({
    mutationKey: KEY,
    mutationFn: async (): Promise<Verdict> => {
      const view = await answered(api.POST("/api/v1/trail/verification", {}));
      return { view, at: new Date().toISOString() };
    },
    gcTime: Number.POSITIVE_INFINITY,
  });
  const states = useMutationState({ filters: { mutationKey: KEY }, select: ({ state }) => state });
  const last = states.at(-1);
  const verdict = states.findLast(({ status }) => status === "success")?.data as Verdict | undefined;
  return {
    start: () => mutate(),
    /** When the one under way was begun; null when none is. */
    since: last?.status === "pending" ? last.submittedAt : null,
    error: last?.status === "error" ? last.error : null,
    verdict,
  };
}
