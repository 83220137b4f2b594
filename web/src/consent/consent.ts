import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { ConsentEventView, NewConsent, PatientView, SessionView } from "../api/schema";
import { live } from "../live/live";
import { usePatientSites } from "../patients/sharing";
import { mayBreakGlass } from "../session/may";
import { useSession } from "../session/session";

// below the patient's key: what is heard of the patient asks for the consent again
const keyOf = (patient: string, ...part: string[]) => ["patient", patient, "consent", ...part];

function queryOf(patient: string) {
  return queryOptions({
    queryKey: keyOf(patient),
    queryFn: () => answered(api.GET("/api/v1/patients/{patient}/consent", { params: { path: { patient } } })),
  });
}

live.onConsentRules(() => {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === "consent" });
});

/** Whether a patient's consent is given, and what follows where it is not. */
export function useConsent(patient: string) {
  return useQuery({ ...queryOf(patient), enabled: patient !== "" });
}

/** The forms that a patient signs, one of each language. */
export function useConsentForms(patient: string) {
  return useQuery({
    queryKey: keyOf(patient, "forms"),
    queryFn: () => answered(api.GET("/api/v1/patients/{patient}/consent/forms", { params: { path: { patient } } })),
  });
}

/** What happened to a patient's consent, newest first. */
export function useConsentEvents(patient: string) {
  return useInfiniteQuery({
    queryKey: keyOf(patient, "events"),
    queryFn: ({ pageParam: cursor }) =>
      answered(
        api.GET("/api/v1/patients/{patient}/consent/events", {
          params: { path: { patient }, query: cursor === null ? {} : { cursor } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** One event with what was signed. */
export function useConsentEvent(patient: string, consent: string) {
  return useQuery({
    queryKey: keyOf(patient, "event", consent),
    queryFn: () =>
      answered(
        api.GET("/api/v1/patients/{patient}/consent/events/{consent}", { params: { path: { patient, consent } } }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Record consent; repeating it under the same key records it once. */
export async function recordConsent(patient: string, body: NewConsent, key: string): Promise<ConsentEventView> {
  const params = { path: { patient }, header: { "Idempotency-Key": key } };
  const event = await answered(api.POST("/api/v1/patients/{patient}/consent/events", { params, body }));
  await queryClient.invalidateQueries({ queryKey: keyOf(patient) });
  return event;
}

/** Take the consent in force back. */
export async function revokeConsent(patient: string, reason: string, key: string): Promise<ConsentEventView> {
  const params = { path: { patient }, header: { "Idempotency-Key": key } };
  const event = await answered(api.POST("/api/v1/patients/{patient}/consent/revocation", { params, body: { reason } }));
  await queryClient.invalidateQueries({ queryKey: keyOf(patient) });
  return event;
}

/** The form in force was changed meanwhile: ask for it again. */
export function refreshForms(patient: string): void {
  void queryClient.invalidateQueries({ queryKey: keyOf(patient, "forms") });
}

/** Whether the user may record and revoke a patient's consent: by a role at the home site, or one it is shared with. */
export function useMayRecordConsent(patient: PatientView | undefined): boolean {
  const session = useSession();
  const treating = session.sites.filter((held) => mayBreakGlass(only(session, held)));
  const atHome = treating.some(({ site }) => site === patient?.site);
  const enabled = patient !== undefined && !atHome && treating.length > 0;
  const { data } = usePatientSites(patient?.id ?? "", { enabled });
  const shared = data?.shared.map(({ site }) => site) ?? [];
  return atHome || (enabled && treating.some(({ site }) => shared.includes(site)));
}

function only(session: SessionView, held: SessionView["sites"][number]): SessionView {
  return { ...session, sites: [held] };
}
