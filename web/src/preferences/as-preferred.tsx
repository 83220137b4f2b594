import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { browsersLanguage, chooseLanguage, isLanguage, takeWish } from "../i18n";
import { useSession } from "../session/session";
import { tellProblem } from "../ui/tell";
import { prefer, preferencesOf, stopSaving } from "./preferences";

/** Nobody waits longer for the right colours and words. */
const PATIENCE_MS = 1_000;

/**
 * What the signed-in user sees, in the colours and the language of their choice: at once where this browser knows them,
 * else as soon as the server has said them.
 */
export function AsPreferred({ children }: { children: ReactNode }) {
  const { user } = useSession();
  const { data } = useQuery(preferencesOf(user));
  const { setColorScheme } = useMantineColorScheme();
  const [shown, setShown] = useState(data !== undefined);
  const theme = data && (data.theme ?? "auto");
  const language = data && (data.language ?? null);
  useEffect(() => stopSaving, []);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (theme !== undefined) setColorScheme(theme);
  }, [theme, setColorScheme]);
  useEffect(() => {
    if (language === undefined) return;
    const wish = takeWish();
    if (language === null && wish !== null) return prefer(user, { language: wish });
    chooseLanguage(language !== null && isLanguage(language) ? language : browsersLanguage())
      .catch(tellProblem)
      .finally(() => setShown(true));
  }, [user, language]);
  // hidden, it is made ready meanwhile
  return <div style={{ display: "contents", ...(!shown && { visibility: "hidden" }) }}>{children}</div>;
}
