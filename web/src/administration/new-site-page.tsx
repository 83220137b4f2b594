import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { faultsOf } from "../api/problem";
import { ProblemAlert } from "../forms/problem-alert";
import { NotFound } from "../frame/error-pages";
import { managesInstallation } from "../session/may";
import { useSession } from "../session/session";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { SiteFields, type SiteTyped } from "./site-fields";
import { createSite } from "./sites";
import { useWords } from "./words";

/** A site to open (ORG-1). */
export function NewSitePage() {
  const { t, i18n } = useWords();
  usePageTitle(t("sites.create"));
  const navigate = useNavigate();
  const session = useSession();
  // repeating a creation whose answer was lost must not create twice
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState<SiteTyped>(() => ({
    name: "",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: i18n.language,
    letterhead: "",
    consent_enforcement: "installation",
  }));
  const create = useMutation({
    mutationFn: () => createSite(typed, idempotencyKey),
    onSuccess: ({ name }) => {
      tell({ color: "teal", message: t("sites.created", { name }) });
      void navigate("/administration/sites");
    },
  });
  if (!managesInstallation(session)) return <NotFound />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("sites.create")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("sites.createAbout")}
      </Text>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <SiteFields
            value={typed}
            faults={faultsOf(create.error)}
            onChange={(field, value) => setTyped((before) => ({ ...before, [field]: value }))}
          />
          <ProblemAlert error={create.error} />
          <Group justify="flex-end">
            <Button component={Link} to="/administration/sites" variant="default">
              {t("translation:ui.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("sites.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
