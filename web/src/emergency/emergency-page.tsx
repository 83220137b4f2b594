import { Alert, Anchor, Button, Group, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconUrgent } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { faultsByField, Problem } from "../api/problem";
import type { NewOpening } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { NotFound } from "../frame/error-pages";
import { UNIQUE_ID } from "../patients/form";
import { mayBreakGlass } from "../session/may";
import { useSession } from "../session/session";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { OpeningList } from "./opening-list";
import { openPatient } from "./openings";

const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

/** Emergency access to a patient of another site: to take it, and to see which one took (ORG-8). */
export function EmergencyPage() {
  return mayBreakGlass(useSession()) ? <Emergency /> : <NotFound />;
}

function Emergency() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.emergency"));
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("frame.places.emergency")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("emergency.about")}
      </Text>
      <Stack gap={48}>
        <OpeningForm />
        <OpeningList />
      </Stack>
    </Page>
  );
}

function OpeningForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const form = useForm({
    initialValues: { unique_id: "", reason: "" },
    validate: {
      unique_id: (typed) => (UNIQUE_ID.test(typed.trim()) ? null : t("create.uniqueIdRule")),
      reason: (typed) => (typed.trim().length >= SHORTEST_REASON ? null : t("emergency.reasonRule")),
    },
    // another request, which must not be answered as the one before
    onValuesChange: () => setKey(crypto.randomUUID()),
  });
  const open = useMutation({
    mutationFn: (opening: NewOpening) => openPatient(opening, key),
    onSuccess: ({ patient }) => void navigate(`/patients/${patient}/pool`),
    onError: (error) => {
      if (error instanceof Problem) form.setErrors(faultsByField(error.errors));
    },
  });
  const inSight = open.error instanceof Problem ? open.error.facts.patient : undefined;
  return (
    <form onSubmit={form.onSubmit(({ unique_id, reason }) => open.mutate({ unique_id, reason: reason.trim() }))}>
      <Stack gap="md">
        <Alert color="red" variant="light" icon={<IconUrgent size={18} />} title={t("emergency.warningTitle")}>
          {t("emergency.warning")}
        </Alert>
        <TextInput
          label={t("emergency.uniqueId")}
          description={t("emergency.uniqueIdAbout")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          {...form.getInputProps("unique_id")}
        />
        <Textarea
          label={t("emergency.reason")}
          description={t("emergency.reasonAbout")}
          autosize
          minRows={2}
          maxLength={LONGEST_REASON}
          {...form.getInputProps("reason")}
        />
        {typeof inSight === "string" ? (
          <Alert color="yellow" variant="light" role="alert">
            {t("emergency.inSight")}{" "}
            <Anchor component={Link} to={`/patients/${inSight}/pool`} c="inherit" underline="always">
              {t("create.takenOpen")}
            </Anchor>
          </Alert>
        ) : (
          <ProblemAlert error={open.error} />
        )}
        <Group justify="flex-end">
          <Button type="submit" color="red" loading={open.isPending}>
            {t("emergency.open")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
