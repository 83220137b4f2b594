import { useThrottledCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { EmergencyNews } from "../api/schema";
import { live } from "../live/live";
import { administersSite } from "../session/may";
import { sessionNow } from "../session/session";

const KEY = ["emergency-alerts"];
const LIST = [...KEY, "list"];
const COUNT = [...KEY, "count"];
const PAGE = 20;
const PAUSE_MS = 1000;

/** Asked at the moment of asking: a role that is lost is news before the page is gone. */
function enabled(): boolean {
  const session = sessionNow();
  return session !== null && administersSite(session);
}

/** The number that stands for as many or more. */
export const COUNTED = 100;

/** Emergency accesses to patients of the sites that one administers, newest first. Each page is recorded. */
export function useAlerts() {
  return useInfiniteQuery({
    queryKey: LIST,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/v1/emergency-alerts", {
          params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    enabled,
  });
}

/** How many of them one has not acknowledged. */
export function useAlertCount(): number {
  const { data } = useQuery({
    queryKey: COUNT,
    queryFn: () => answered(api.GET("/api/v1/emergency-alerts/count")),
    enabled,
  });
  return data?.unacknowledged ?? 0;
}

/** Keep the list and the count as they are on the server, however much happens at once; `onOpened` when somebody opens. */
export function useAlertNews(onOpened: (news: EmergencyNews) => void): void {
  const refresh = useThrottledCallback(() => void queryClient.invalidateQueries({ queryKey: KEY }), PAUSE_MS);
  const tell = useEffectEvent(onOpened);
  useEffect(
    () =>
      live.onAlert((news) => {
        refresh();
        if (news.type === "emergency" && news.event === "patients.opened") tell(news);
      }),
    [refresh],
  );
}

/** Take note of some, for oneself. */
export async function acknowledge(openings: string[]): Promise<void> {
  await answered(api.POST("/api/v1/emergency-alerts/acknowledgements", { body: { openings } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
}

/** End an emergency access before its time. */
export async function endAlert(opening: string): Promise<void> {
  await answered(api.DELETE("/api/v1/openings/{opening}", { params: { path: { opening } } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
}
