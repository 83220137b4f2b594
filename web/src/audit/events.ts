import i18next from "i18next";
import type { TrailRecord } from "../api/schema";
import type { Words } from "./words";
import words from "./words/en.json";

export const ACTIONS = ["C", "R", "U", "D", "E"] as const;
export const OUTCOMES = ["success", "denied", "failure"] as const;
export const ROLES = ["viewer", "photographer", "clinician", "site_admin", "admin", "auditor"] as const;
/** Kinds that one looks for by id. */
export const KINDS = Object.keys(words.kinds);

/** Every event that has words, by the service whose fact it is. */
export const EVENTS: readonly { service: keyof typeof words.services; events: readonly string[] }[] = (
  Object.keys(words.events) as (keyof typeof words.events)[]
).map((service) => ({ service, events: Object.keys(words.events[service]).map((name) => `${service}.${name}`) }));

/** Words under a key that a newer server may have made up; what it says itself where there are none. */
function wordsOr(key: string, itself: string): string {
  return i18next.exists(`audit:${key}`) ? i18next.t(`audit:${key}` as "audit:title") : itself;
}

/** What happened, in words; its code where there are none. */
export function eventInWords(event: string): string {
  return wordsOr(`events.${event}`, event);
}

/** What kind of thing it was done to. */
export function kindInWords(kind: string): string {
  return wordsOr(`kinds.${kind}`, kind);
}

/** A part of the system, as people know it. */
export function serviceInWords(service: string): string {
  return wordsOr(`services.${service}`, service);
}

/** Roles that somebody held. */
export function rolesInWords(roles: readonly string[], t: Words): string {
  return roles
    .map((role) => (ROLES.some((one) => one === role) ? t(`translation:roles.names.${role as "viewer"}`) : role))
    .join(", ");
}

/** Why it was refused or failed; null where the record does not say. */
export function reasonInWords({ outcome, detail }: Pick<TrailRecord, "outcome" | "detail">): string | null {
  const code = detail?.code ?? detail?.reason;
  return outcome === "success" || typeof code !== "string" ? null : wordsOr(`reasons.${code}`, code);
}

/** Who had asked for what the system did later; null where the record does not say. */
export function askedBy({ detail }: Pick<TrailRecord, "detail">): string | null {
  const user = detail?.moved_by;
  return typeof user === "string" ? user : null;
}

/** An id as far as people tell ids apart. */
export function shortId(id: string): string {
  return isLong(id) ? id.slice(0, 8) : id;
}

function isLong(id: string): boolean {
  return id.length === 36 && id[8] === "-";
}
