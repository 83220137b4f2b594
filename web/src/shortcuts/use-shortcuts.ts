import { useEffect, useEffectEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useActivePatient } from "../frame/places";
import { Going } from "./sequence";

const TYPED_IN = "input, textarea, select, [contenteditable]";

/** Listens for `?`, and for `g` with the place to go to; not where one types, nor while a dialog is open. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  const patient = useActivePatient();
  const [going] = useState(() => new Going());
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
    if (target.matches(TYPED_IN) || document.querySelector("[aria-modal=true]") !== null) return;
    if (event.key === "?") onHelp();
    const to = wayOf(going.hear(event), patient);
    if (to !== null) void navigate(to);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

function wayOf(key: string | null, patient: string | null): string | null {
  if (key === "p") return "/patients";
  if (patient === null) return null;
  if (key === "e") return `/patients/${patient}/entries`;
  return key === "i" ? `/patients/${patient}/pool` : null;
}
