import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { Proof, RecoveryCodesView, SecondFactorSetupView } from "../api/schema";

const KEY = ["second-factor"];

/** Whether one has a second factor (ORG-4). */
export function useSecondFactor() {
  return useQuery({ queryKey: KEY, queryFn: () => answered(api.GET("/api/v1/account/second-factor")) });
}

/** Get a secret for the authenticator app; it counts once it is confirmed. */
export function prepare(currentPassword: string): Promise<SecondFactorSetupView> {
  return answered(api.POST("/api/v1/account/second-factor", { body: { current_password: currentPassword } }));
}

/** Have the secret count from now on; answers with the recovery codes. */
export async function confirmSetup(code: string): Promise<RecoveryCodesView> {
  const codes = await answered(api.POST("/api/v1/account/second-factor/confirmation", { body: { code } }));
  void queryClient.invalidateQueries({ queryKey: KEY });
  return codes;
}

/** Get new recovery codes; the earlier ones are void. */
export async function renewCodes(proof: Proof): Promise<RecoveryCodesView> {
  const codes = await answered(api.POST("/api/v1/account/second-factor/recovery-codes", { body: proof }));
  void queryClient.invalidateQueries({ queryKey: KEY });
  return codes;
}

/** Do without a second factor from now on. */
export async function remove(proof: Proof): Promise<void> {
  await answered(api.POST("/api/v1/account/second-factor/removal", { body: proof }));
  await Promise.all(
    [["second-factor"], ["account-sessions"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );
}
