import { queryOptions, useQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { useCallback } from "react";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { Preferences } from "../api/schema";
import { useSession } from "../session/session";
import { tell, tellProblem } from "../ui/tell";
import { keep, kept, keptElsewhere } from "./kept";
import { Saving } from "./saving";

const PATH = "/api/v1/account/preferences";

const keyOf = (user: string) => ["preferences", user];

let current: { user: string; saving: Saving } | null = null;

/** A user's preferences (ORG-9): at once as this browser knows them, then as the server does. */
export function preferencesOf(user: string) {
  return queryOptions({
    queryKey: keyOf(user),
    queryFn: async () => {
      const saving = savingOf(user);
      const now = await saving.heard(() => answered(api.GET(PATH)));
      remember(user, saving, now);
      return now;
    },
    initialData: () => kept(user)?.chosen,
    initialDataUpdatedAt: 0,
  });
}

/** What the signed-in user prefers in one respect; undefined where nothing was chosen. Only below the gate. */
export function usePreference<Name extends keyof Preferences>(name: Name): NonNullable<Preferences[Name]> | undefined {
  const query = preferencesOf(useSession().user);
  return useQuery({ ...query, refetchOnMount: false, select: (all) => all[name] ?? undefined }).data;
}

/** How the signed-in user chooses something else: it holds at once, and soon on every device. */
export function usePrefer(): (changes: Preferences) => void {
  const { user } = useSession();
  return useCallback((changes) => prefer(user, changes), [user]);
}

/** Have this hold from now on. */
export function prefer(user: string, changes: Preferences): void {
  const saving = savingOf(user);
  saving.add(changes);
  show(user, saving, { ...queryClient.getQueryData<Preferences>(keyOf(user)), ...changes });
}

/** Send nothing more: nobody is signed in any longer. What was not sent yet is, when the user comes back. */
export function stopSaving(): void {
  current?.saving.stop();
}

function savingOf(user: string): Saving {
  if (current?.user === user && !current.saving.isOver) return current.saving;
  stopSaving();
  const saving = new Saving(kept(user)?.unsent ?? {}, {
    // what is on its way when the page is left arrives nevertheless
    send: (changes) => answered(api.PATCH(PATH, { body: changes, keepalive: true })),
    saved: (now) => show(user, saving, now),
    delayed: () => tell({ color: "yellow", message: i18next.t("preferences.delayed"), autoClose: 10_000 }),
    refused(error) {
      tellProblem(error);
      void queryClient.invalidateQueries({ queryKey: keyOf(user) });
    },
  });
  current = { user, saving };
  void saving.go();
  return saving;
}

function show(user: string, saving: Saving, chosen: Preferences): void {
  if (current?.saving !== saving) return;
  queryClient.setQueryData(keyOf(user), chosen);
  remember(user, saving, chosen);
}

function remember(user: string, saving: Saving, chosen: Preferences): void {
  if (current?.saving === saving) keep({ user, chosen, unsent: saving.unsent });
}

// what is chosen in one tab holds in the others
addEventListener("storage", (event) => {
  const now = keptElsewhere(event);
  if (now === null) return;
  queryClient.setQueryData<Preferences>(keyOf(now.user), (before) => before && now.chosen);
});
