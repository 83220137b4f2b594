import { Button, type ButtonProps, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answered, api } from "../api/client";
import { NotFound } from "../frame/error-pages";
import { CREATE, EMERGENCY } from "../frame/places";
import { mayBreakGlass, mayCreatePatients, seesPatients } from "../session/may";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { WhenSeen } from "../ui/when-seen";
import { PatientCardLink } from "./card";

const PAGE = 60;

/** The patients of one's sites, last modified first. */
export function PatientDatabase() {
  return seesPatients(useSession()) ? <Database /> : <NotFound />;
}

function Database() {
  const { t } = useTranslation();
  usePageTitle(t("frame.places.patients"));
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ["patients"],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/v1/patients", { params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 5000,
  });
  const cards = data?.pages.flatMap((page) => page.patients);
  return (
    <Page>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t("frame.places.patients")}</Title>
        <Group gap="xs">
          <EmergencyButton />
          <CreateButton />
        </Group>
      </Group>
      {cards === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {cards?.length === 0 && <Nobody />}
      <SimpleGrid component="ul" cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="sm" m={0} p={0}>
        {cards?.map((card) => (
          <PatientCardLink key={card.id} patient={card} />
        ))}
        {(isFetchingNextPage || (cards === undefined && error === null)) &&
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells skeletons apart
          Array.from({ length: 12 }, (_, n) => <Skeleton key={n} h={116} component="li" />)}
      </SimpleGrid>
      {hasNextPage && !isFetchingNextPage && (
        <WhenSeen onSeen={() => void fetchNextPage()}>
          <Group justify="center" mt="md">
            <Button variant="default" onClick={() => void fetchNextPage()}>
              {t("patients.more")}
            </Button>
          </Group>
        </WhenSeen>
      )}
    </Page>
  );
}

function Nobody() {
  const { t } = useTranslation();
  return (
    <Stack align="center" py={80} gap="xs">
      <Title order={2}>{t("patients.none.title")}</Title>
      <Text c="dimmed">{t("patients.none.about")}</Text>
      <CreateButton mt="sm" />
    </Stack>
  );
}

/** The way to a patient of another site, for those who may break the glass. */
function EmergencyButton() {
  const { t } = useTranslation();
  if (!mayBreakGlass(useSession())) return null;
  return (
    <Button
      component={Link}
      to={EMERGENCY.to}
      variant="default"
      leftSection={<EMERGENCY.icon size={17} stroke={1.6} />}
    >
      {t("frame.places.emergency")}
    </Button>
  );
}

/** The way to a new patient, for those who may create one. */
function CreateButton(look: ButtonProps) {
  const { t } = useTranslation();
  if (!mayCreatePatients(useSession())) return null;
  return (
    <Button component={Link} to={CREATE.to} leftSection={<IconUserPlus size={17} />} {...look}>
      {t("frame.places.create")}
    </Button>
  );
}
