import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { live } from "../live/live";
import { AsPreferred } from "../preferences/as-preferred";
import { ErrorState } from "../ui/error-state";
import { Waiting } from "../ui/waiting";
import { SessionProvider, useSessionQuery } from "./session";

/** Lets in who is signed in and has done what comes first; sends everyone else where that is done. */
export function SessionGate() {
  const { data: session, error, refetch } = useSessionQuery();
  const here = useLocation();
  const admitted = session != null && !session.password_change_required && !session.second_factor_setup_required;
  useEffect(() => {
    if (admitted) live.start();
  }, [admitted]);
  if (session === undefined) {
    return error === null ? <Waiting /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  if (session === null) return <Navigate to="/sign-in" replace state={{ from: here.pathname }} />;
  if (session.password_change_required) return <Navigate to="/choose-password" replace />;
  if (session.second_factor_setup_required) return <Navigate to="/set-up-second-factor" replace />;
  return (
    <SessionProvider value={session}>
      <AsPreferred>
        <Outlet />
      </AsPreferred>
    </SessionProvider>
  );
}
