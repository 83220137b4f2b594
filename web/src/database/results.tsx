import { Box, Button, Group, SimpleGrid, Skeleton } from "@mantine/core";
import { lazy, type ReactNode, type RefObject, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { PatientCardLink } from "../patients/card";
import { usePreference } from "../preferences/preferences";
import { ErrorState } from "../ui/error-state";
import { part } from "../ui/part";
import { WhenSeen } from "../ui/when-seen";
import { walk } from "./arrows";
import type { usePatientSearch } from "./search";

const PatientTable = lazy(part(async () => ({ default: (await import("./patient-table")).PatientTable })));

interface ResultsProps {
  search: ReturnType<typeof usePatientSearch>;
  list: RefObject<HTMLDivElement | null>;
  /** The focus leaves the first row upwards. */
  onLeave: () => void;
  /** What stands where nobody is found. */
  nobody: ReactNode;
}

/** Who was found, as cards or as a table: being loaded, failed, nobody, or page after page. */
export function Results({ search, list, onLeave, nobody }: ResultsProps) {
  const { t } = useTranslation();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData, refetch } = search;
  const view = usePreference("patients_view") ?? "cards";
  const found = data?.pages.flatMap((page) => page.patients);
  if (error !== null && (found === undefined || isPlaceholderData)) {
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  if (found?.length === 0) return nobody;
  return (
    // arrows move the focus among the links inside
    <Box ref={list} onKeyDown={(event) => walk(event, onLeave)} aria-busy={isPlaceholderData || found === undefined}>
      {view === "table" && found !== undefined && (
        <Suspense fallback={<Skeleton h={420} mt="xs" />}>
          <PatientTable patients={found} />
        </Suspense>
      )}
      {view === "table" && (found === undefined || isFetchingNextPage) && <Skeleton h={420} mt="xs" />}
      {view === "cards" && (
        <SimpleGrid component="ul" cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="sm" m={0} p={0}>
          {found?.map((patient) => (
            <PatientCardLink key={patient.id} patient={patient} />
          ))}
          {(isFetchingNextPage || found === undefined) &&
            // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells skeletons apart
            Array.from({ length: 12 }, (_, n) => <Skeleton key={n} h={152} component="li" />)}
        </SimpleGrid>
      )}
      {hasNextPage && !isFetchingNextPage && !isPlaceholderData && (
        <WhenSeen onSeen={() => void fetchNextPage()}>
          <Group justify="center" mt="md">
            <Button variant="default" onClick={() => void fetchNextPage()}>
              {t("patients.more")}
            </Button>
          </Group>
        </WhenSeen>
      )}
    </Box>
  );
}
