import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { SettingsChanges, SettingsView } from "../api/schema";
import { ifMatch } from "../api/versions";

const MEGABYTE = 1024 * 1024;
const QUERY = queryOptions({ queryKey: ["settings"], queryFn: () => answered(api.GET("/api/v1/settings")) });

/** The settings of the installation. */
export function useSettings() {
  return useQuery(QUERY);
}

/** The settings as they are typed: numbers may be empty text on the way. */
export interface SettingsTyped {
  idle_minutes: number | string;
  absolute_hours: number | string;
  upload_megabytes: number | string;
  emergency_minutes: number | string;
  second_factor_required: boolean;
  audit_level: AuditLevel;
  consent_enforcement: ConsentEnforcement;
  effective_date_from: EffectiveDateFrom;
}

/** What the effective date of a new photograph is taken from. */
export type EffectiveDateFrom = NonNullable<SettingsView["effective_date_from"]>;

/** What a missing consent means. */
export type ConsentEnforcement = NonNullable<SettingsView["consent_enforcement"]>;

/** How much the audit trail records. */
export type AuditLevel = NonNullable<SettingsView["audit_level"]>;

/** What is shown of the settings. */
export function shownOf({ upload_limit_bytes, ...settings }: SettingsView): SettingsTyped {
  const { idle_minutes, absolute_hours, second_factor_required, emergency_minutes = "" } = settings;
  const { audit_level = "comprehensive", consent_enforcement = "disabled" } = settings;
  const { effective_date_from = "upload" } = settings;
  return {
    idle_minutes,
    absolute_hours,
    second_factor_required,
    emergency_minutes,
    audit_level,
    consent_enforcement,
    effective_date_from,
    upload_megabytes: Math.round(upload_limit_bytes / MEGABYTE),
  };
}

/** What is sent of the changes. */
export function sentOf(typedNow: Partial<SettingsTyped>) {
  const { upload_megabytes, second_factor_required, ...others } = typedNow;
  const { audit_level, consent_enforcement, effective_date_from, ...numbers } = others;
  const typed = Object.entries(numbers).map(([name, value]) => [name, Number(value)]);
  const changes: SettingsChanges = Object.fromEntries(typed);
  if (upload_megabytes !== undefined) changes.upload_limit_bytes = Number(upload_megabytes) * MEGABYTE;
  if (second_factor_required !== undefined) changes.second_factor_required = second_factor_required;
  if (audit_level !== undefined) changes.audit_level = audit_level;
  if (consent_enforcement !== undefined) changes.consent_enforcement = consent_enforcement;
  if (effective_date_from !== undefined) changes.effective_date_from = effective_date_from;
  return changes;
}

/** Change the settings, unless somebody else did since they were seen. */
export async function changeSettings({ version }: SettingsView, changes: SettingsChanges): Promise<SettingsView> {
  const changed = await answered(
    api.PATCH("/api/v1/settings", { params: { header: ifMatch(version) }, body: changes }),
  );
  queryClient.setQueryData(QUERY.queryKey, changed);
  void queryClient.invalidateQueries({ queryKey: ["installation"] });
  return changed;
}
