import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { answered, api, onSessionOver, onSomethingToDo, rememberCsrf } from "../api/client";
import { Problem } from "../api/problem";
import { queryClient } from "../api/queries";
import type { SessionView } from "../api/schema";
import { live } from "../live/live";
import { mayLeave } from "../saving/leaving";
import { uploads } from "../uploads/uploads";
import { lostSite, sameRights } from "./may";
import { useSiteNames } from "./site-names";

const userListeners = new Set<(user: string | null) => void>();
const KEY = ["session"];
/** What stays as it is when rights change: the session itself, and how its user likes to work. */
const OWN = new Set<unknown>([KEY[0], "preferences"]);
const QUERY = queryOptions({ queryKey: KEY, queryFn: asked, staleTime: 5 * 60_000 });

async function asked(): Promise<SessionView | null> {
  try {
    const session = await answered(api.GET("/api/v1/session"));
    begin(session);
    return session;
  } catch (error) {
    if (error instanceof Problem && error.code === "not_signed_in") return null;
    throw error;
  }
}

/** The signed-in user, null for nobody, as a query. */
export function useSessionQuery() {
  return useQuery(QUERY);
}

/** The signed-in user at this moment, who may do less than what is still on the screen; null for nobody. */
export function sessionNow(): SessionView | null {
  return queryClient.getQueryData<SessionView | null>(KEY) ?? null;
}

/** Begin to ask who is signed in, before anything is shown. */
export function fetchSessionAhead(): Promise<void> {
  return queryClient.prefetchQuery(QUERY);
}

/** Be told who is signed in, and that somebody signs out (null); not that a session ended by itself. */
export function onUser(listener: (user: string | null) => void): void {
  userListeners.add(listener);
}

function tellUser(user: string | null): void {
  for (const listener of userListeners) listener(user);
}

/** Take over a session that the gateway just opened or changed. */
export function enter(session: SessionView): void {
  begin(session);
  queryClient.setQueryData(KEY, session);
}

function begin(session: SessionView): void {
  rememberCsrf(session.csrf_token);
  uploads.resumeAfterSignIn(session.user);
  tellUser(session.user);
}

/** Ask again who is signed in. */
export async function refreshSession(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: KEY });
}

/** Sign out: nothing that was shown stays in this browser. */
export async function signOut(): Promise<void> {
  await leave(() => api.DELETE("/api/v1/session"));
}

/** Sign out of every browser, this one too; none is trusted any longer (ORG-5). */
export async function signOutEverywhere(): Promise<void> {
  await leave(() => api.DELETE("/api/v1/account/sessions"));
}

async function leave(ask: () => Promise<object>): Promise<void> {
  if (!(await mayLeave())) return;
  uploads.clear();
  tellUser(null);
  try {
    await answered(ask());
  } catch (error) {
    if (!(error instanceof Problem && error.code === "not_signed_in")) throw error; // else it was over already
  }
  forget();
}

function forget(): void {
  live.stop();
  rememberCsrf("");
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
  queryClient.getMutationCache().clear();
  queryClient.setQueryData(KEY, null);
}

/** What the user may do has changed: what is shown of it is asked for again, and nothing stays of a site that is lost. */
async function rightsChanged(): Promise<void> {
  const before = sessionNow();
  await refreshSession();
  const now = sessionNow();
  if (before === null || now === null || sameRights(before, now)) return;
  const others = { predicate: (query: { queryKey: readonly unknown[] }) => !OWN.has(query.queryKey[0]) };
  await (lostSite(before, now) ? queryClient.resetQueries(others) : queryClient.invalidateQueries(others));
}

onSomethingToDo(() => void refreshSession());
live.onRights(() => void rightsChanged());

onSessionOver(() => {
  if (queryClient.getQueryData(KEY) !== null) forget();
});

const Session = createContext<SessionView | null>(null);
export const SessionProvider = Session.Provider;

/** The signed-in user. Only below the gate. */
export function useSession(): SessionView {
  const session = useContext(Session);
  if (session === null) throw new Error("Nobody is signed in here");
  return session;
}

/** Facts of a site, one's own or that of a patient who is shared with one. */
export function useSite(site: string | undefined): SessionView["sites"][number] | undefined {
  const own = useSession().sites.find((s) => s.site === site);
  const named = useSiteNames({ enabled: site !== undefined && own === undefined })?.find(({ id }) => id === site);
  return own ?? (named && { site: named.id, name: named.name, time_zone: named.time_zone, roles: [] });
}
