import type { CountRange, PatientSearch } from "../api/schema";

export const SORTS = ["last_modified", "last_appointment", "unique_id", "name"] as const;
export type Sort = (typeof SORTS)[number];
export const DATES = ["last_appointment", "last_modified"] as const;
export type Dates = (typeof DATES)[number];

/** What the address of the page says: codes, ids, days and numbers, never what was searched for. */
export interface Filters {
  sort: Sort;
  order: "ascending" | "descending";
  dates?: Dates;
  /** YYYY-MM-DD, in the browser's time zone; both days included. */
  since?: string;
  until?: string;
  tags_any: readonly string[];
  tags_all: readonly string[];
  entries?: CountRange;
  images?: CountRange;
  sites: readonly string[];
}

/** What can be taken away again; the order of the chips. */
export const REMOVABLE = ["dates", "tags_any", "tags_all", "entries", "images", "sites"] as const;
export type Removable = (typeof REMOVABLE)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const RANGE = /^(\d{1,9})?-(\d{1,9})?$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The order that is usual for a sort. */
export function usualOrder(sort: Sort): Filters["order"] {
  return sort === "unique_id" || sort === "name" ? "ascending" : "descending";
}

/** What an address asks for; what in it is nothing that can be asked for is left out. */
export function filtersIn(address: URLSearchParams): Filters {
  const sort = SORTS.find((one) => one === address.get("sort")) ?? "last_modified";
  const order = address.get("order");
  const dates = DATES.find((one) => one === address.get("dates"));
  const [since, until] = [dayIn(address.get("since")), dayIn(address.get("until"))];
  const [entries, images] = [rangeIn(address.get("entries")), rangeIn(address.get("images"))];
  const dated = (since ?? until) !== undefined && !(since !== undefined && until !== undefined && since > until);
  return {
    sort,
    order: order === "ascending" || order === "descending" ? order : usualOrder(sort),
    ...(dated && { dates: dates ?? "last_appointment", ...(since && { since }), ...(until && { until }) }),
    tags_any: idsIn(address.get("tags_any")),
    tags_all: idsIn(address.get("tags_all")),
    ...(entries && { entries }),
    ...(images && { images }),
    sites: idsIn(address.get("sites")),
  };
}

/** The address that asks for this. */
export function addressOf(filters: Filters): URLSearchParams {
  const { sort, order, dates, since, until, tags_any, tags_all, entries, images, sites } = filters;
  const said: Record<string, string | undefined> = {
    sort: sort === "last_modified" ? undefined : sort,
    order: order === usualOrder(sort) ? undefined : order,
    dates: (since ?? until) === undefined ? undefined : dates,
    since,
    until,
    tags_any: tags_any.join(","),
    tags_all: tags_all.join(","),
    entries: entries && `${entries.least ?? 0}-${entries.most ?? ""}`,
    images: images && `${images.least ?? 0}-${images.most ?? ""}`,
    sites: sites.join(","),
  };
  return new URLSearchParams(Object.entries(said).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Those of the filters that hold. */
export function held(filters: Filters): readonly Removable[] {
  return REMOVABLE.filter((name) => {
    const value = filters[name];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}

/** Without one of the filters. */
export function without(filters: Filters, name: Removable): Filters {
  const { dates, since, until, entries, images, ...others } = filters;
  return {
    ...others,
    ...(name !== "dates" && dates && { dates, ...(since && { since }), ...(until && { until }) }),
    ...(name !== "entries" && entries && { entries }),
    ...(name !== "images" && images && { images }),
    ...((name === "tags_any" || name === "tags_all" || name === "sites") && { [name]: [] }),
  };
}

/** Without any of them, in the same order. */
export function withoutAll({ sort, order }: Filters): Filters {
  return { sort, order, tags_any: [], tags_all: [], sites: [] };
}

/** What the server is asked. */
export function searchOf(filters: Filters, text: string): Omit<PatientSearch, "limit"> {
  const { sort, order, dates, since, until, tags_any, tags_all, entries, images, sites } = filters;
  return {
    text,
    sort,
    order,
    tags_any: [...tags_any],
    tags_all: [...tags_all],
    sites: [...sites],
    ...(entries && { entries }),
    ...(images && { images }),
    ...(dates && {
      dates: {
        of: dates,
        ...(since && { since: beginningOf(since, 0) }),
        ...(until && { until: beginningOf(until, 1) }),
      },
    }),
  };
}

function beginningOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function dayIn(text: string | null): string | undefined {
  return text !== null && DAY.test(text) && !Number.isNaN(Date.parse(text)) && text >= "1900" ? text : undefined;
}

function rangeIn(text: string | null): CountRange | undefined {
  const found = RANGE.exec(text ?? "");
  if (found === null || (found[1] === undefined && found[2] === undefined)) return undefined;
  const least = Number(found[1] ?? 0);
  const most = found[2] === undefined ? undefined : Number(found[2]);
  if (most !== undefined && most < least) return undefined;
  return { least, ...(most !== undefined && { most }) };
}

function idsIn(text: string | null): readonly string[] {
  return [...new Set((text ?? "").split(",").filter((id) => UUID.test(id)))].slice(0, 50);
}
