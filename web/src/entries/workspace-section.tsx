import { Button, Stack, Text, Title } from "@mantine/core";
import { IconLibraryPhoto } from "@tabler/icons-react";
import { Link } from "react-router";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { PoolExtrasProvider } from "../pool/extras";
import { Photographs } from "../pool/photographs";
import type { Photographs as Known } from "../pool/pool";
import { useRefocus } from "../ui/use-refocus";
import { useWords } from "./words";
import { useWorkspaceExtras } from "./workspace-extras";

interface WorkspaceSectionProps {
  patient: string;
  entry: string;
  /** The photographs that it holds. */
  workspace: Known;
  timeZone: string | undefined;
  mayTreat: boolean;
}

/** The photographs chosen for an entry, shown as those of the pool are (WRK-1, WRK-2). */
export function WorkspaceSection({ patient, entry, workspace, timeZone, mayTreat }: WorkspaceSectionProps) {
  const { t } = useWords();
  const record = usePatient(patient).data;
  const mayChange = useMayContribute(record);
  const extras = useWorkspaceExtras({ patient, entry }, mayTreat, false);
  const pool = workspace.data;
  // the focus was on the last one that was removed
  const section = useRefocus<HTMLDivElement>(pool && pool.total === 0);
  const toPool = (
    <Button
      component={Link}
      to="pool"
      variant="default"
      size="xs"
      leftSection={<IconLibraryPhoto size={16} stroke={1.7} />}
    >
      {t(mayTreat ? "workspace.addPhotographs" : "translation:frame.places.pool")}
    </Button>
  );
  return (
    <PoolExtrasProvider value={extras}>
      <div ref={section} tabIndex={-1}>
        <Photographs
          patient={patient}
          home={record?.site}
          timeZone={timeZone}
          known={workspace}
          mayChange={mayChange}
          partOfPage
          heading={toPool}
          empty={
            <Stack align="center" gap={6} py="lg" ta="center">
              <Title order={3}>{t("workspace.empty")}</Title>
              <Text c="dimmed" maw={420} mb="xs">
                {t("workspace.about")}
              </Text>
              {toPool}
            </Stack>
          }
        />
      </div>
    </PoolExtrasProvider>
  );
}
