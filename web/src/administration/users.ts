import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { NewUser, UserView } from "../api/schema";
import { ifMatch } from "../api/versions";
import type { InstallationRole, SiteRole } from "./roles";

const PAGE = 50;
const LIST = ["users"];

function queryOf(user: string) {
  return queryOptions({
    queryKey: ["user", user],
    queryFn: () => answered(api.GET("/api/v1/users/{user}", { params: { path: { user } } })),
  });
}

/** The users whom one manages, newest first, page by page; those found by a text, where there is one. */
export function useUsers(text: string) {
  return useInfiniteQuery({
    queryKey: [...LIST, text],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return answered(
        text === ""
          ? api.GET("/api/v1/users", { params: { query: page }, signal })
          : api.POST("/api/v1/users/search", { body: { text, ...page }, signal }),
      );
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });
}

/** One user. */
export function useUser(user: string) {
  return useQuery(queryOf(user));
}

/** Invite somebody; repeating it under the same key invites once. */
export async function invite(user: NewUser, idempotencyKey: string): Promise<UserView> {
  const params = { header: { "Idempotency-Key": idempotencyKey } };
  return userIs(await answered(api.POST("/api/v1/users", { body: user, params })));
}

/** Change how a user is called, unless somebody else changed the user since. */
export async function rename({ id: user, version }: UserView, displayName: string): Promise<UserView> {
  const params = { path: { user }, header: ifMatch(version) };
  return userIs(await answered(api.PATCH("/api/v1/users/{user}", { params, body: { display_name: displayName } })));
}

/** Give a user a role at a site, or take it away, unless somebody else changed the user since. */
export async function setRole({ id: user, version }: UserView, site: string, role: SiteRole | null): Promise<UserView> {
  const params = { path: { user, site }, header: ifMatch(version) };
  const body = { roles: role === null ? [] : [role] };
  return userIs(await answered(api.PUT("/api/v1/users/{user}/sites/{site}/roles", { params, body })));
}

/** Say what a user holds in the installation, unless somebody else changed the user since. */
export async function setInstallationRoles(
  { id: user, version }: UserView,
  roles: InstallationRole[],
): Promise<UserView> {
  const params = { path: { user }, header: ifMatch(version) };
  return userIs(await answered(api.PUT("/api/v1/users/{user}/installation-roles", { params, body: { roles } })));
}

/** End all that a user does, or let them sign in again. */
export async function setDisabled({ id: user }: UserView, disabled: boolean): Promise<UserView> {
  const params = { path: { user } };
  const asked = disabled
    ? api.POST("/api/v1/users/{user}/disable", { params })
    : api.POST("/api/v1/users/{user}/enable", { params });
  return userIs(await answered(asked));
}

/** Take away a second factor that its user has lost. */
export async function resetSecondFactor({ id: user }: UserView): Promise<void> {
  await answered(api.POST("/api/v1/users/{user}/second-factor/reset", { params: { path: { user } } }));
}

/** Make the link by which a user chooses a password; an earlier one is void. */
export async function makeLink({ id: user }: UserView) {
  return answered(api.POST("/api/v1/users/{user}/password-link", { params: { path: { user } } }));
}

function userIs(user: UserView): UserView {
  queryClient.setQueryData(queryOf(user.id).queryKey, user);
  void queryClient.invalidateQueries({ queryKey: LIST });
  return user;
}
