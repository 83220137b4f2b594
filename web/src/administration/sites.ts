import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { NewSite, SiteChanges, SiteView } from "../api/schema";
import { ifMatch } from "../api/versions";
import { refreshSession } from "../session/session";

const ALL = ["sites"];

function queryOf(site: string) {
  return queryOptions({
    queryKey: [...ALL, site],
    queryFn: () => answered(api.GET("/api/v1/sites/{site}", { params: { path: { site } } })),
  });
}

/** The sites one may see, by name. */
export function useSites() {
  return useQuery({
    queryKey: ALL,
    queryFn: async () => (await answered(api.GET("/api/v1/sites"))).sites,
  });
}

/** One site. */
export function useSite(site: string) {
  return useQuery(queryOf(site));
}

/** Open a site; repeating it under the same key opens one. */
export async function createSite(site: NewSite, idempotencyKey: string): Promise<SiteView> {
  const params = { header: { "Idempotency-Key": idempotencyKey } };
  const created = await answered(api.POST("/api/v1/sites", { body: site, params }));
  siteIs(created);
  return created;
}

/** Change a site, unless somebody else did since it was seen. */
export async function changeSite({ id: site, version }: SiteView, changes: SiteChanges): Promise<SiteView> {
  const params = { path: { site }, header: ifMatch(version) };
  const changed = await answered(api.PATCH("/api/v1/sites/{site}", { params, body: changes }));
  siteIs(changed);
  return changed;
}

/** Show what the server just said of a site, wherever it is named. */
function siteIs(site: SiteView): void {
  queryClient.setQueryData(queryOf(site.id).queryKey, site);
  void queryClient.invalidateQueries({ queryKey: ALL, exact: true });
  void refreshSession();
}
