import { Alert, Anchor, Box, Skeleton, Text, Title } from "@mantine/core";
import type { ChangeEvent } from "react";
import { Link, useParams } from "react-router";
import { answered, api } from "../api/client";
import { faultsOf, Problem } from "../api/problem";
import type { PatientView } from "../api/schema";
import { ifMatch } from "../api/versions";
import { type Draft, useDraft } from "../forms/draft";
import { DraftForm } from "../forms/draft-form";
import { LeaveGuard } from "../forms/leave-guard";
import { changed, type Typed, typedOf, UNIQUE_ID } from "../patients/form";
import { type Binding, PatientFields } from "../patients/form-fields";
import { keepPatient, usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { mayShare } from "../session/may";
import { useSite } from "../session/session";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { useSayProblem } from "../ui/say-problem";
import { tell } from "../ui/tell";
import { ChangeNote } from "./change-note";
import { Duplicates } from "./duplicates";
import { useWords } from "./words";

/** A patient's details, saved or discarded when one says so (PAT-6). */
export function DetailsPage() {
  const { t } = useWords();
  usePageTitle(t("title"));
  const { data: patient, refetch } = usePatient(useParams().patient ?? "");
  const mayChange = useMayContribute(patient);
  const home = useSite(patient?.site);
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("title")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t(mayChange || patient === undefined ? "about" : "readOnly")}
      </Text>
      {patient === undefined ? (
        <Skeleton h={720} />
      ) : (
        <Details key={patient.id} patient={patient} readOnly={!mayChange} onStale={() => void refetch()} />
      )}
      {patient !== undefined && mayShare(home) && (
        <Box mt="xl">
          <Duplicates patient={patient.id} />
        </Box>
      )}
    </Page>
  );
}

interface DetailsProps {
  patient: PatientView;
  readOnly: boolean;
  /** Somebody else changed it meanwhile: load it again. */
  onStale: () => void;
}

function Details({ patient, readOnly, onStale }: DetailsProps) {
  const { t } = useWords();
  const kept = typedOf(patient);
  const draft = useDraft(kept);
  const save = () =>
    answered(
      api.PATCH("/api/v1/patients/{patient}", {
        params: { path: { patient: patient.id }, header: ifMatch(patient.version) },
        body: changed(draft.changes),
      }),
    );
  const saved = (now: PatientView) => {
    keepPatient(now);
    tell({ color: "teal", message: t("saved") });
  };
  const words = {
    title: t("leave.title"),
    about: t("leave.about", { count: draft.count }),
    stay: t("leave.stay"),
    leave: t("leave.leave"),
  };
  return (
    <>
      <LeaveGuard count={draft.count} words={words} />
      <DraftForm draft={draft} save={save} onSaved={saved} onStale={onStale} gap="xl" readOnly={readOnly}>
        {(error) => <Fields draft={draft} kept={kept} error={error} readOnly={readOnly} />}
      </DraftForm>
    </>
  );
}

interface FieldsProps {
  draft: Draft<Typed>;
  kept: Typed;
  error: unknown;
  readOnly: boolean;
}

function Fields({ draft, kept, error, readOnly }: FieldsProps) {
  const { t } = useWords();
  const say = useSayProblem();
  const refused = error instanceof Problem && error.code.startsWith("unique_id_") ? error : null;
  const misshapen = !UNIQUE_ID.test(draft.value.unique_id.trim());
  const faults: Record<string, string> = {
    ...faultsOf(error),
    ...(misshapen && { unique_id: t("translation:create.uniqueIdRule") }),
    ...(refused !== null && "unique_id" in draft.changes && { unique_id: say(refused) }),
  };
  const holder = refused?.facts.patient;
  const binding: Binding = {
    input: (name) => ({
      value: draft.value[name],
      onChange: (given: ChangeEvent<HTMLInputElement> | string | null) =>
        draft.set(name, given === null || typeof given === "string" ? given : given.currentTarget.value),
      error: faults[name],
    }),
    numbers: draft.value.record_numbers,
    setNumbers: (numbers) => draft.set("record_numbers", numbers),
    faults,
    readOnly,
    note: (name) => <ChangeNote name={name} draft={draft} kept={kept} />,
  };
  return (
    <>
      {typeof holder === "string" && (
        <Alert color="yellow" variant="light" title={t("translation:create.takenTitle")}>
          <Anchor component={Link} to={`/patients/${holder}/details`} c="inherit" underline="always">
            {t("translation:create.takenOpen")}
          </Anchor>
        </Alert>
      )}
      <PatientFields binding={binding} />
    </>
  );
}
