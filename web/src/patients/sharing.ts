import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { PatientSites, PatientView } from "../api/schema";
import { mayContribute, mayTreat } from "../session/may";
import { useSession } from "../session/session";
import { tellProblem } from "../ui/tell";

function queryOf(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "sites"],
    queryFn: () => answered(api.GET("/api/v1/patients/{patient}/sites", { params: { path: { patient } } })),
  });
}

/** The sites whose people see a patient. */
export function usePatientSites(patient: string, { enabled = true } = {}) {
  return useQuery({ ...queryOf(patient), enabled });
}

/** Share a patient with a site, or no longer. */
export function useSharing(patient: string) {
  const path = (site: string) => ({ params: { path: { patient, site } } });
  const onSuccess = (sites: PatientSites) => queryClient.setQueryData(queryOf(patient).queryKey, sites);
  return {
    share: useMutation({
      mutationFn: (site: string) => answered(api.PUT("/api/v1/patients/{patient}/sites/{site}", path(site))),
      onSuccess,
      onError: tellProblem,
    }),
    // who asks for it is told there what went wrong
    unshare: useMutation({
      mutationFn: (site: string) => answered(api.DELETE("/api/v1/patients/{patient}/sites/{site}", path(site))),
      onSuccess,
    }),
  };
}

/** Whether the user may upload photographs of a patient: by a role at the home site, or at one it is shared with. */
export function useMayContribute(patient: PatientView | undefined): boolean {
  return useMay(patient, mayContribute);
}

/** Whether the user may create and change a patient's entries, likewise. */
export function useMayTreat(patient: PatientView | undefined): boolean {
  return useMay(patient, mayTreat);
}

function useMay(patient: PatientView | undefined, may: typeof mayContribute): boolean {
  const session = useSession();
  const atHome = may(session.sites.find(({ site }) => site === patient?.site));
  const enabled = patient !== undefined && !atHome && session.sites.some(may);
  const { data } = usePatientSites(patient?.id ?? "", { enabled });
  const shared = data?.shared.map(({ site }) => site) ?? [];
  return atHome || (enabled && session.sites.some((held) => may(held) && shared.includes(held.site)));
}

/** Until when the user sees a patient by emergency access; null where by right. */
export function useOpenedUntil(patient: PatientView | undefined): string | null {
  const { sites } = useSession();
  const enabled = patient !== undefined && !sites.some(({ site }) => site === patient.site);
  return usePatientSites(patient?.id ?? "", { enabled }).data?.opened_until ?? null;
}
