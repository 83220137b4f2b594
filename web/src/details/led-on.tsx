import { useEffect, useEffectEvent } from "react";
import { Navigate, useLocation } from "react-router";
import { tell } from "../ui/tell";
import { useWords } from "./words";

/** The page of a record that is merged into another one leads to that one's (PAT-7). */
export function LedOn({ from, to }: { from: string; to: string }) {
  const { t } = useWords();
  const { pathname } = useLocation();
  const say = useEffectEvent(() => tell({ id: `led-on-${from}`, message: t("duplicates.ledOn") }));
  useEffect(() => say(), []);
  return <Navigate to={pathname.replace(from, to)} replace />;
}
