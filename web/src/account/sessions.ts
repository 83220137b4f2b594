import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";

const KEY = ["account-sessions"];

/** Where one is signed in, and the browsers one trusts. */
export function useAccountSessions() {
  return useQuery({
    queryKey: KEY,
    queryFn: () => answered(api.GET("/api/v1/account/sessions")),
    staleTime: 5000,
  });
}

/** End a session somewhere else. */
export async function endSession(session: string): Promise<void> {
  await answered(api.DELETE("/api/v1/account/sessions/{session}", { params: { path: { session } } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
}

/** Ask for the second factor in a browser again. */
export async function forgetDevice(device: string): Promise<void> {
  await answered(api.DELETE("/api/v1/account/devices/{device}", { params: { path: { device } } }));
  await queryClient.invalidateQueries({ queryKey: KEY });
}
