import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { ConsentFormText, ConsentFormView } from "../api/schema";
import { ifMatch } from "../api/versions";
import type { Language } from "../i18n";

function queryOf(site: string, language: Language) {
  return queryOptions({
    queryKey: ["consent-form", site, language],
    queryFn: () =>
      answered(api.GET("/api/v1/sites/{site}/consent-forms/{language}", { params: { path: { site, language } } })),
  });
}

/** The form in force at a site in a language. */
export function useConsentForm(site: string, language: Language) {
  return useQuery(queryOf(site, language));
}

/** Put a new version in force, unless somebody else did since this one was seen. */
export async function changeConsentForm(
  { site, version }: ConsentFormView,
  language: Language,
  body: ConsentFormText,
): Promise<ConsentFormView> {
  const params = { path: { site, language }, header: ifMatch(version) };
  const changed = await answered(api.PUT("/api/v1/sites/{site}/consent-forms/{language}", { params, body }));
  queryClient.setQueryData(queryOf(site, language).queryKey, changed);
  return changed;
}
