import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { NewToken, TokenMade } from "../api/schema";

const KEY = ["tokens"];

/** One's API tokens that work, newest first. */
export function useTokens() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await answered(api.GET("/api/v1/account/tokens"))).tokens,
  });
}

/** Make an API token; what it says is known only here and now. */
export async function makeToken(token: NewToken): Promise<TokenMade> {
  const made = await answered(api.POST("/api/v1/account/tokens", { body: token }));
  void queryClient.invalidateQueries({ queryKey: KEY });
  return made;
}

/** Revoke an API token: it can do nothing any more. */
export async function revokeToken(token: string): Promise<void> {
  await answered(api.DELETE("/api/v1/account/tokens/{token}", { params: { path: { token } } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
}
