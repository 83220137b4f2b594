import { Button } from "@mantine/core";
import { IconBookmark } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import type { ImageView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useMayTreat } from "../patients/sharing";
import { type PoolExtras, PoolExtrasProvider } from "../pool/extras";
import { part } from "../ui/part";
import { useWords } from "./words";

const EntryDialog = lazy(part(async () => ({ default: (await import("./entry-dialog")).EntryDialog })));

/** Around a pool that is inside no entry: who adds photographs to a workspace chooses of which entry (POOL-15). */
export function IntoWorkspaces({ patient, children }: { patient: string; children: ReactNode }) {
  const mayTreat = useMayTreat(usePatient(patient).data);
  const [chosen, choose] = useState<readonly ImageView[]>([]);
  const extras: PoolExtras = useMemo(
    () => (mayTreat ? { bulk: (images) => <Choose onClick={() => choose(images)} />, choose } : {}),
    [mayTreat],
  );
  return (
    <PoolExtrasProvider value={extras}>
      {children}
      {chosen.length > 0 && (
        <Suspense>
          <EntryDialog patient={patient} images={chosen} onClose={() => choose([])} />
        </Suspense>
      )}
    </PoolExtrasProvider>
  );
}

function Choose({ onClick }: { onClick: () => void }) {
  const { t } = useWords();
  return (
    <Button size="sm" variant="default" leftSection={<IconBookmark size={16} stroke={1.7} />} onClick={onClick}>
      {t("workspace.choose")}
    </Button>
  );
}
