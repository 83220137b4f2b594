import { useInfiniteQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { HistoryRecord } from "../api/schema";
import type { Words } from "./words";

const KEY = ["security-history"];
const PAGE = 20;

/** The security history of one's own account, newest first, page by page. Each page is recorded when it is asked for. */
export function useHistory(wanted: boolean) {
  return useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/v1/account/history", {
          params: { query: { limit: PAGE, ...(pageParam && { before: Number(pageParam) }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchOnWindowFocus: false,
    enabled: wanted,
  });
}

/** Begin at the newest again. */
export function lookAgain(): Promise<void> {
  return queryClient.resetQueries({ queryKey: KEY });
}

type Outcome = "done" | "goesOn" | "refused";

/** How it ended. A right password that a code has to follow is no refusal. */
export function outcomeOf({ outcome, code }: Pick<HistoryRecord, "outcome" | "code">): Outcome {
  if (outcome === "success") return "done";
  return code === "second_factor_required" ? "goesOn" : "refused";
}

/** What happened, in words. */
export function titleOf({ event, outcome, code }: HistoryRecord, t: Words): string {
  if (outcomeOf({ outcome, code }) === "goesOn") return t("history.codeAsked");
  // a page that was loaded before the server was renewed
  return i18next.exists(`account:history.events.${event}`) ? t(`history.events.${event}`) : t("history.other");
}

/** Why it was refused, in words; null where nothing was, or nothing more can be said. */
export function reasonOf({ outcome, code }: Pick<HistoryRecord, "outcome" | "code">): string | null {
  const key = `account:history.reasons.${code}`;
  return outcomeOf({ outcome, code }) === "refused" && i18next.exists(key)
    ? i18next.t(key as "account:history.reasons.forbidden")
    : null;
}
