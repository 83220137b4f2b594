import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { onLoaded, sessionIsOver } from "../api/client";
import { LiveConnection, type LiveNews, type LiveState } from "./connection";

function address(): string {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/ws`;
}

/** This browser tab's connection to the gateway. */
export const live = new LiveConnection(() => new WebSocket(address()));

live.watch(() => {
  if (live.current() === "over") sessionIsOver();
});
onLoaded((patient, cursor) => live.hasLoaded(patient, cursor));
addEventListener("online", () => live.wake());
addEventListener("offline", () => live.lost());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.wake();
});

/** Whether events arrive at the moment. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(live.watch, live.current);
}

/** The same of several, for as long as they are the same. */
export function useLivePatients(patients: readonly string[], onNews: (news: LiveNews) => void): void {
  const told = useEffectEvent(onNews);
  const named = patients.join();
  useEffect(() => {
    const stops = named === "" ? [] : named.split(",").map((patient) => live.follow(patient, (news) => told(news)));
    return () => {
      for (const stop of stops) stop();
    };
  }, [named]);
}

/** Be told of a patient's changes for as long as the component is shown. */
export function useLivePatient(patient: string, onNews: (news: LiveNews) => void): void {
  const told = useEffectEvent(onNews);
  useEffect(() => live.follow(patient, (news) => told(news)), [patient]);
}
