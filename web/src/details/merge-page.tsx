import { Alert, Button, Checkbox, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { MergePreview } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { NotFound } from "../frame/error-pages";
import { UNIQUE_ID } from "../patients/form";
import { usePatient } from "../patients/patient";
import { mayShare } from "../session/may";
import { useSite } from "../session/session";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { Comparison } from "./comparison";
import { merge, previewMerge } from "./merging";
import { useWords } from "./words";

/** Merging another record of the same person into a patient, after a look at both (PAT-7). */
export function MergePage() {
  const { patient: id = "" } = useParams();
  const home = useSite(usePatient(id).data?.site);
  if (home === undefined) return null;
  return mayShare(home) ? <Merging key={id} patient={id} /> : <NotFound />;
}

function Merging({ patient }: { patient: string }) {
  const { t } = useWords();
  usePageTitle(t("merge.title"));
  const [typed, setTyped] = useState("");
  const compare = useMutation({ mutationFn: () => previewMerge(patient, typed.trim().toLowerCase()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    compare.mutate();
  };
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("merge.title")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("merge.about")}
      </Text>
      <Stack gap="lg">
        <form onSubmit={submit}>
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t("merge.uniqueId")}
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                compare.reset();
              }}
              maxLength={32}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              flex="1 1 220px"
            />
            <Button
              type="submit"
              variant={compare.data === undefined ? "filled" : "default"}
              disabled={!UNIQUE_ID.test(typed.trim())}
              loading={compare.isPending}
            >
              {t("merge.compare")}
            </Button>
          </Group>
        </form>
        <ProblemAlert error={compare.error} />
        {compare.data !== undefined && <Decision preview={compare.data} />}
      </Stack>
    </Page>
  );
}

/** Both records, and whether they are the same person's. */
function Decision({ preview }: { preview: MergePreview }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [sure, setSure] = useState(false);
  const details = `/patients/${preview.survivor.id}/details`;
  const merging = useMutation({
    mutationFn: () => merge(preview),
    onSuccess: () => {
      tell({ color: "teal", message: t("merge.done", { id: preview.alias.unique_id }) });
      void navigate(details);
    },
  });
  if (preview.obstacle !== null) {
    return (
      <Alert color="yellow" variant="light" role="alert">
        {t(`merge.obstacles.${preview.obstacle}`)}
      </Alert>
    );
  }
  return (
    <>
      <Comparison preview={preview} />
      <Checkbox label={t("merge.confirm")} checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
      <ProblemAlert error={merging.error} />
      <Group justify="flex-end">
        <Button component={Link} to={details} variant="default">
          {t("merge.cancel")}
        </Button>
        <Button disabled={!sure} loading={merging.isPending} onClick={() => merging.mutate()}>
          {t("merge.submit")}
        </Button>
      </Group>
    </>
  );
}
