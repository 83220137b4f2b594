import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { IconCalendar, IconDownload, IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { tellProblem } from "../ui/tell";
import { downloadArchive, LARGEST_ARCHIVE } from "./archive";
import { usePoolExtras } from "./extras";
import { usePoolOrder } from "./order";
import classes from "./selection-bar.module.css";
import { useWords } from "./words";

interface SelectionBarProps {
  patient: string;
  selected: readonly string[];
  mayChange: boolean;
  onTag: () => void;
  onDate: () => void;
  onClear: () => void;
}

/** How many photographs are selected, and what can be done with them (POOL-15). */
export function SelectionBar({ patient, selected, mayChange, onTag, onDate, onClear }: SelectionBarProps) {
  const { t } = useWords();
  const { bulk } = usePoolExtras();
  const { image } = usePoolOrder();
  return (
    <Paper component="section" aria-label={t("selection.label")} className={classes.bar} shadow="md">
      <Text role="status" fw={600} className={classes.count}>
        {t("selection.count", { count: selected.length })}
      </Text>
      <Group gap="xs" className={classes.actions}>
        {mayChange && (
          <>
            <Button size="sm" variant="default" leftSection={<IconTag size={16} stroke={1.7} />} onClick={onTag}>
              {t("selection.tag")}
            </Button>
            <Button size="sm" variant="default" leftSection={<IconCalendar size={16} stroke={1.7} />} onClick={onDate}>
              {t("selection.date")}
            </Button>
          </>
        )}
        <Download patient={patient} images={selected} />
        {bulk?.(selected.flatMap((id) => image(id) ?? []))}
      </Group>
      <CloseButton
        className={classes.clear}
        aria-label={t("selection.clear")}
        title={t("selection.clear")}
        onClick={onClear}
      />
    </Paper>
  );
}

function Download({ patient, images }: { patient: string; images: readonly string[] }) {
  const { t } = useWords();
  const [packing, setPacking] = useState(false);
  const tooMany = images.length > LARGEST_ARCHIVE;
  const download = async () => {
    setPacking(true);
    await downloadArchive(patient, images).catch(tellProblem);
    setPacking(false);
  };
  return (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconDownload size={16} stroke={1.7} />}
      loading={packing}
      disabled={tooMany}
      title={tooMany ? t("selection.tooMany", { most: LARGEST_ARCHIVE }) : undefined}
      onClick={() => void download()}
    >
      {t("selection.download")}
    </Button>
  );
}
