import { Anchor, Group, Text } from "@mantine/core";
import { IconArrowLeft, IconBookmarkFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { usePatient } from "../patients/patient";
import { useMayTreat } from "../patients/sharing";
import { PoolExtrasProvider } from "../pool/extras";
import type { Pool } from "../pool/known";
import { PatientPool } from "../pool/patient-pool";
import { useSite } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { usePageTitle } from "../ui/page-title";
import { useEntry } from "./entries";
import classes from "./entry-pool-page.module.css";
import { holds } from "./wishes";
import { useWords } from "./words";
import { useWorkspaceExtras } from "./workspace-extras";

/** The patient's pool inside an entry, whose workspace is chosen from it (POOL-1, WRK-1). */
export function EntryPoolPage() {
  const { t } = useTranslation();
  const { patient = "", entry = "" } = useParams();
  const { data, error, refetch } = useEntry(patient, entry);
  const mayTreat = useMayTreat(usePatient(patient).data);
  const extras = useWorkspaceExtras({ patient, entry }, mayTreat, true);
  usePageTitle(t("frame.places.pool"));
  if (data === undefined && error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <PoolExtrasProvider value={extras} key={entry}>
      <PatientPool
        patient={patient}
        above={(pool) => (
          <Group gap="0 16px" className={classes.above}>
            <Back patient={patient} entry={entry} appointment={data?.appointment} />
            <Count entry={entry} pool={pool} />
          </Group>
        )}
      />
    </PoolExtrasProvider>
  );
}

interface BackProps {
  patient: string;
  entry: string;
  appointment: string | undefined;
}

/** The way back to the entry, which is called by its appointment. */
function Back({ patient, entry, appointment }: BackProps) {
  const { t } = useWords();
  const zone = useSite(usePatient(patient).data?.site)?.time_zone;
  return (
    <Anchor component={Link} to={`/patients/${patient}/entries/${entry}`} size="sm">
      <Group gap={4} component="span" wrap="nowrap">
        <IconArrowLeft size={15} stroke={1.6} />
        {appointment === undefined ? t("entry") : t("open", { when: formatInstant(appointment, zone) })}
      </Group>
    </Anchor>
  );
}

/** How many photographs the workspace holds, once all of the pool are known. */
function Count({ entry, pool }: { entry: string; pool: Pool | undefined }) {
  const { t } = useWords();
  if (pool === undefined || !pool.complete) return null;
  const count = [...pool.images.values()].filter((image) => holds(entry, image)).length;
  return (
    <Text size="sm" role="status" className={classes.count}>
      <IconBookmarkFilled size={14} aria-hidden />
      {t("workspace.count", { count })}
    </Text>
  );
}
