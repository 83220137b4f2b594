import { managesSite, readsWholeTrail } from "../session/may";
import { useSession } from "../session/session";
import { useSiteNames } from "../session/site-names";
import {
  ACTIONS,
  EVENTS,
  eventInWords,
  KINDS,
  kindInWords,
  OUTCOMES,
  ROLES,
  rolesInWords,
  serviceInWords,
} from "./events";
import { PRESETS } from "./filters";
import type { Words } from "./words";

export interface Choice {
  value: string;
  label: string;
}

export const CUSTOM = "custom";

/** Periods, and the way to one with two ends. */
export function periods(t: Words): Choice[] {
  return [...PRESETS, CUSTOM].map((value) => ({ value, label: t(`filters.presets.${value as "today"}`) }));
}

/** What can have happened, grouped by the part of the system that knows of it. */
export function events(): { group: string; items: Choice[] }[] {
  return EVENTS.map(({ service, events: names }) => ({
    group: serviceInWords(service),
    items: names.map((value) => ({ value, label: eventInWords(value) })),
  }));
}

export function outcomes(t: Words): Choice[] {
  return OUTCOMES.map((value) => ({ value, label: t(`outcomes.${value}`) }));
}

export function actions(t: Words): Choice[] {
  return ACTIONS.map((value) => ({ value, label: t(`actions.${value}`) }));
}

export function roles(t: Words): Choice[] {
  return ROLES.map((value) => ({ value, label: rolesInWords([value], t) }));
}

export function kinds(): Choice[] {
  return KINDS.map((value) => ({ value, label: kindInWords(value) }));
}

/** The sites whose records one may see. */
export function useSitesToChoose(): Choice[] {
  const session = useSession();
  const all = useSiteNames() ?? [];
  const own = readsWholeTrail(session) ? all : all.filter(({ id }) => managesSite(session, id));
  return own.map(({ id, name }) => ({ value: id, label: name }));
}
