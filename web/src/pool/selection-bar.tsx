import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { IconCalendar, IconTag } from "@tabler/icons-react";
import { usePoolExtras } from "./extras";
import classes from "./selection-bar.module.css";
import { useWords } from "./words";

interface SelectionBarProps {
  selected: readonly string[];
  mayChange: boolean;
  onTag: () => void;
  onDate: () => void;
  onClear: () => void;
}

/** How many photographs are selected, and what can be done with them (POOL-15). */
export function SelectionBar({ selected, mayChange, onTag, onDate, onClear }: SelectionBarProps) {
  const { t } = useWords();
  const { bulk } = usePoolExtras();
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
        {bulk?.(selected, onClear)}
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
