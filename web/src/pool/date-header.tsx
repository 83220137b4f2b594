import { Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown, IconMinus } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { formatDate, formatFullDate } from "../ui/dates";
import classes from "./date-header.module.css";
import type { Row } from "./groups";
import { useWords } from "./words";

interface DateHeaderProps {
  row: Extract<Row, { kind: "header" }>;
  /** The level of its heading on the page. */
  level: 2 | 3;
  selected: ReadonlySet<string>;
  onToggle: (day: string) => void;
  onSelect: (ids: readonly string[]) => void;
}

/** "Wednesday, March 12, 2025", how many photographs, a way to fold them away (POOL-7), and one to select them. */
export const DateHeader = memo(function DateHeader({ row, level, selected, onToggle, onSelect }: DateHeaderProps) {
  const { t } = useTranslation();
  const { t: w } = useWords();
  const ids = row.of.filter(({ image }) => image?.state === "ready").map(({ id }) => id);
  const chosen = selected.size === 0 ? 0 : ids.filter((id) => selected.has(id)).length;
  const state = chosen === 0 ? "false" : chosen === ids.length ? "true" : "mixed";
  const day = formatFullDate(row.day);
  const Heading = `h${level}` as const;
  return (
    <div className={classes.header}>
      {ids.length > 0 && (
        <button
          type="button"
          aria-pressed={state}
          className={classes.check}
          title={w("selectDay")}
          aria-label={w("selectDayOf", { day: formatDate(row.day) })}
          onClick={() => onSelect(ids)}
        >
          {state === "mixed" ? <IconMinus size={14} stroke={2.6} /> : <IconCheck size={14} stroke={2.6} />}
        </button>
      )}
      <Heading className={classes.heading}>
        <UnstyledButton className={classes.button} onClick={() => onToggle(row.day)} aria-expanded={!row.collapsed}>
          <IconChevronDown size={16} stroke={1.8} className={classes.arrow} data-folded={row.collapsed || undefined} />
          <span className={classes.day}>{day}</span>
          <Text component="span" size="sm" c="dimmed" fw={400} aria-label={t("pool.count", { count: row.count })}>
            {row.open ? "…" : row.count}
          </Text>
        </UnstyledButton>
      </Heading>
    </div>
  );
});
