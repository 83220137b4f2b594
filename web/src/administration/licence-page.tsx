import { Alert, Badge, Code, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LicenceDetails, LicenceView } from "../api/schema";
import { NotFound } from "../frame/error-pages";
import { useLicence } from "../licence/licence";
import { LOOKS } from "../licence/look";
import { managesInstallation } from "../session/may";
import { useSession } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Fact, Facts } from "../ui/fact-list";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { InstallLicence } from "./install-licence";

/** Until when photographs may be added, and at how many sites (LIC-1). */
export function LicencePage() {
  return managesInstallation(useSession()) ? <Licence /> : <NotFound />;
}

function Licence() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.licence"));
  const { data, error, refetch } = useLicence();
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("frame.places.licence")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("licence.about")}
      </Text>
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={320} />}
      {data !== undefined && (
        <Stack gap="xl">
          <State licence={data} />
          {data.details != null && <Details licence={data} details={data.details} />}
          <InstallLicence />
        </Stack>
      )}
    </Page>
  );
}

function State({ licence }: { licence: LicenceView }) {
  const { t } = useTranslation();
  const look = LOOKS[licence.state];
  return (
    <Alert
      color={look.color}
      variant="light"
      icon={<look.icon size={22} aria-hidden />}
      title={t(`licence.states.${licence.state}`)}
      role="status"
    >
      {t(`licence.reasons.${licence.reason}`)} {!licence.uploads_allowed && t("licence.storedStays")}
    </Alert>
  );
}

function Details({ licence, details }: { licence: LicenceView; details: LicenceDetails }) {
  const { t } = useTranslation();
  const used = licence.sites_used ?? 0;
  const allowed = details.sites_allowed;
  const full = allowed !== null && used >= allowed;
  return (
    <Facts title={t("licence.details")} order={2}>
      <Fact name={t("licence.licensee")}>
        <bdi>{details.licensee}</bdi>
      </Fact>
      <Fact name={t("licence.profile")}>{t(`licence.profiles.${details.profile}`)}</Fact>
      <Fact name={t("licence.sites")}>
        <Group gap="xs">
          {allowed === null ? t("licence.anyNumber", { used }) : t("licence.ofSites", { used, count: allowed })}
          {full && (
            <Badge color="gray" variant="light" tt="none" radius="sm">
              {t("licence.full")}
            </Badge>
          )}
        </Group>
      </Fact>
      <Fact name={t("licence.validFrom")}>{formatInstant(details.valid_from, undefined)}</Fact>
      <Fact name={t("licence.validUntil")}>
        {licence.valid_until !== null && formatInstant(licence.valid_until, undefined)}
      </Fact>
      <Fact name={t("licence.issuedAt")}>{formatInstant(details.issued_at, undefined)}</Fact>
      <Fact name={t("licence.key")}>
        <Code>{details.key}</Code>
      </Fact>
      <Fact name={t("licence.id")}>
        <Code>{details.id}</Code>
      </Fact>
    </Facts>
  );
}
