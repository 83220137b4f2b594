import { Badge, Box, Button, Group, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type { PatientSites } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { NotFound } from "../frame/error-pages";
import { usePersonName } from "../properties/person";
import { mayShare } from "../session/may";
import { useSite } from "../session/session";
import { useSiteNames } from "../session/site-names";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import classes from "../ui/list.module.css";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { usePatient } from "./patient";
import { usePatientSites, useSharing } from "./sharing";

/** The sites whose people see a patient, for the administrators of the home site (ORG-1). */
export function SharingPage() {
  const { patient: id = "" } = useParams();
  const home = useSite(usePatient(id).data?.site);
  if (home === undefined) return null;
  return mayShare(home) ? <Sharing patient={id} /> : <NotFound />;
}

function Sharing({ patient }: { patient: string }) {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.sharing"));
  const { data: sites, error, refetch } = usePatientSites(patient);
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("frame.places.sharing")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("sharing.about")}
      </Text>
      {sites === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {sites === undefined && error === null && <Skeleton h={160} />}
      {sites !== undefined && (
        <Stack gap="lg">
          <ul className={classes.list}>
            <Home site={sites.home} />
            {sites.shared.map((shared) => (
              <Shared key={shared.site} patient={patient} shared={shared} />
            ))}
          </ul>
          <ShareWith patient={patient} sites={sites} />
        </Stack>
      )}
    </Page>
  );
}

function Home({ site }: { site: string }) {
  const { t } = useTranslation();
  return (
    <Box component="li" className={classes.item}>
      <Group gap="xs">
        <Text fw={550}>
          <bdi>{useSite(site)?.name}</bdi>
        </Text>
        <Badge color="teal" variant="light" tt="none" fw={550} radius="sm">
          {t("sharing.home")}
        </Badge>
      </Group>
    </Box>
  );
}

function Shared({ patient, shared }: { patient: string; shared: PatientSites["shared"][number] }) {
  const { t } = useTranslation();
  const name = useSite(shared.site)?.name ?? "…";
  const by = usePersonName(shared.shared_by);
  const { unshare } = useSharing(patient);
  const since = t("sharing.since", { when: formatInstant(shared.shared_at, undefined) });
  return (
    <Box component="li" className={classes.item}>
      <Stack gap={2} miw={0}>
        <Text fw={550}>
          <bdi>{name}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {by === undefined ? since : `${since} · ${by}`}
        </Text>
      </Stack>
      <Confirm
        size="xs"
        label={t("sharing.end")}
        title={t("sharing.endTitle", { site: name })}
        effect={t("sharing.endEffect", { site: name })}
        act={() => unshare.mutateAsync(shared.site)}
      />
    </Box>
  );
}

function ShareWith({ patient, sites }: { patient: string; sites: PatientSites }) {
  const { t } = useTranslation();
  const names = useSiteNames();
  const { share } = useSharing(patient);
  const [chosen, setChosen] = useState<string | null>(null);
  const seeing = [sites.home, ...sites.shared.map(({ site }) => site)];
  const others = names?.filter(({ id }) => !seeing.includes(id)) ?? [];
  if (names !== undefined && others.length === 0) {
    return <Text c="dimmed">{t(sites.shared.length === 0 ? "sharing.onlySite" : "sharing.withAll")}</Text>;
  }
  const submit = () => {
    if (chosen === null) return;
    share.mutate(chosen, {
      onSuccess: () => {
        const site = names?.find(({ id }) => id === chosen)?.name;
        tell({ color: "teal", message: t("sharing.done", { site }) });
        setChosen(null);
      },
    });
  };
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label={t("sharing.with")}
        placeholder={t("sharing.choose")}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen}
        onChange={setChosen}
        searchable
        nothingFoundMessage={t("frame.commands.nothing")}
        flex="1 1 220px"
      />
      <Button onClick={submit} disabled={chosen === null} loading={share.isPending}>
        {t("sharing.share")}
      </Button>
    </Group>
  );
}
