import { Alert, Anchor, Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { answered, api } from "../api/client";
import { faultsByField, Problem } from "../api/problem";
import { queryClient } from "../api/queries";
import type { NewPatient, PatientView } from "../api/schema";
import { NotFound } from "../frame/error-pages";
import { mayContribute, mayCreatePatients } from "../session/may";
import { useSession } from "../session/session";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { useSayProblem } from "../ui/say-problem";
import { tell } from "../ui/tell";
import { EMPTY, sent, UNIQUE_ID } from "./form";
import { PatientFields } from "./form-fields";

/** A new patient: only the unique ID is needed (PAT-1). */
export function CreatePatient() {
  return mayCreatePatients(useSession()) ? <Creation /> : <NotFound />;
}

function Creation() {
  const { t } = useTranslation();
  const say = useSayProblem();
  const navigate = useNavigate();
  usePageTitle(t("frame.places.create"));
  const sites = useSession().sites.filter(mayContribute);
  // repeating a creation whose answer was lost must not create twice
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [taken, setTaken] = useState<string | null>(null);
  const form = useForm({
    initialValues: { ...EMPTY, site: sites[0]?.site ?? null },
    validateInputOnBlur: true,
    validate: { unique_id: (typed) => (UNIQUE_ID.test(typed.trim()) ? null : t("create.uniqueIdRule")) },
  });
  const create = useMutation({
    mutationFn: (patient: NewPatient) =>
      answered(
        api.POST("/api/v1/patients", {
          body: patient,
          params: { header: { "Idempotency-Key": idempotencyKey } },
        }),
      ),
    onSuccess: (patient: PatientView) => {
      queryClient.setQueryData(["patient", patient.id], patient);
      void queryClient.invalidateQueries({ queryKey: ["patients"] });
      tell({ color: "teal", message: t("create.done", { id: patient.unique_id }) });
      void navigate(`/patients/${patient.id}/entries`);
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      const faults = error.code.startsWith("unique_id_") ? { unique_id: say(error) } : faultsByField(error.errors);
      form.setErrors(faults);
      const [first] = Object.keys(faults);
      if (first !== undefined) form.getInputNode(first)?.focus();
      if (typeof error.facts.patient === "string") setTaken(error.facts.patient);
    },
  });
  const elsewhere = create.error instanceof Problem && /^unique_id_/.test(create.error.code);
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("frame.places.create")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("create.about")}
      </Text>
      <form
        onSubmit={form.onSubmit((typed) => {
          setTaken(null);
          create.mutate(sent(typed));
        })}
      >
        <Stack gap="xl">
          {taken !== null && (
            <Alert color="yellow" variant="light" title={t("create.takenTitle")}>
              <Anchor component={Link} to={`/patients/${taken}/pool`} c="inherit" underline="always">
                {t("create.takenOpen")}
              </Anchor>
            </Alert>
          )}
          <PatientFields
            binding={{
              input: (name) => form.getInputProps(name),
              numbers: form.values.record_numbers,
              setNumbers: (numbers) => form.setFieldValue("record_numbers", numbers),
              faults: form.errors,
            }}
            sites={sites}
            autoFocus
          />
          {create.error !== null && !elsewhere && (
            <Alert color="red" variant="light" role="alert">
              {say(create.error)}
            </Alert>
          )}
          <Box>
            <Group justify="flex-end">
              <Button component={Link} to="/patients" variant="default">
                {t("create.cancel")}
              </Button>
              <Button type="submit" loading={create.isPending}>
                {t("create.submit")}
              </Button>
            </Group>
          </Box>
        </Stack>
      </form>
    </Page>
  );
}
