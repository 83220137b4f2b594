import { NumberInput, Skeleton, Switch, Text, Title } from "@mantine/core";
import type { SettingsView } from "../api/schema";
import { EnforcementField } from "../consent/enforcement-field";
import { useDraft } from "../forms/draft";
import { DraftForm } from "../forms/draft-form";
import { NotFound } from "../frame/error-pages";
import { managesInstallation } from "../session/may";
import { useSession } from "../session/session";
import { ChoiceField } from "../ui/choice-field";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import {
  type AuditLevel,
  type ConsentEnforcement,
  changeSettings,
  type EffectiveDateFrom,
  type SettingsTyped,
  sentOf,
  shownOf,
  useSettings,
} from "./settings";
import { useWords } from "./words";

const BOUNDS = {
  idle_minutes: { min: 1, max: 24 * 60 },
  absolute_hours: { min: 1, max: 30 * 24 },
  upload_megabytes: { min: 1, max: 64 },
  emergency_minutes: { min: 5, max: 24 * 60 },
} as const;

const LEVELS: readonly AuditLevel[] = ["comprehensive", "essential"];
const CLOCKS: readonly EffectiveDateFrom[] = ["upload", "capture"];
const ENFORCEMENT: readonly ConsentEnforcement[] = ["disabled", "advisory", "required"];

/** What holds for everybody, saved when one says so. */
export function SettingsPage() {
  const session = useSession();
  return managesInstallation(session) ? <Settings /> : <NotFound />;
}

function Settings() {
  const { t } = useWords();
  usePageTitle(t("translation:frame.places.settings"));
  const { data, error, refetch } = useSettings();
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("translation:frame.places.settings")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("settings.about")}
      </Text>
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={360} />}
      {data !== undefined && <SettingsForm settings={data} onStale={() => void refetch()} />}
    </Page>
  );
}

function SettingsForm({ settings, onStale }: { settings: SettingsView; onStale: () => void }) {
  const { t } = useWords();
  const draft = useDraft<SettingsTyped>(shownOf(settings));
  const number = (field: keyof typeof BOUNDS) => (
    <NumberInput
      label={t(`settings.${field}`)}
      description={t(`settings.${field}_about`)}
      value={draft.value[field]}
      onChange={(value) => draft.set(field, value)}
      allowDecimal={false}
      required
      withAsterisk={false}
      hideControls
      inputMode="numeric"
      {...BOUNDS[field]}
    />
  );
  return (
    <DraftForm
      draft={draft}
      save={() => changeSettings(settings, sentOf(draft.changes))}
      onSaved={() => tell({ color: "teal", message: t("settings.saved") })}
      onStale={onStale}
    >
      {() => (
        <>
          {number("idle_minutes")}
          {number("absolute_hours")}
          <Switch
            label={t("settings.second_factor_required")}
            description={t("settings.second_factor_required_about")}
            checked={draft.value.second_factor_required}
            onChange={(event) => draft.set("second_factor_required", event.currentTarget.checked)}
          />
          {number("upload_megabytes")}
          {number("emergency_minutes")}
          <ChoiceField
            label={t("settings.effective_date_from")}
            about={t("settings.effective_date_from_about")}
            choices={CLOCKS.map((clock) => ({
              value: clock,
              label: t(`settings.effective_dates.${clock}`),
              about: t(`settings.effective_dates.${clock}_about`),
            }))}
            value={draft.value.effective_date_from}
            onChange={(clock) => draft.set("effective_date_from", clock)}
          />
          <EnforcementField
            about="about"
            levels={ENFORCEMENT}
            value={draft.value.consent_enforcement}
            onChange={(level) => draft.set("consent_enforcement", level)}
          />
          <ChoiceField
            label={t("settings.audit_level")}
            about={t("settings.audit_level_about")}
            choices={LEVELS.map((level) => ({
              value: level,
              label: t(`settings.audit_levels.${level}`),
              about: t(`settings.audit_levels.${level}_about`),
            }))}
            value={draft.value.audit_level}
            onChange={(level) => draft.set("audit_level", level)}
          />
        </>
      )}
    </DraftForm>
  );
}
