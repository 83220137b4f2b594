import { Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatFullDate } from "../ui/dates";
import classes from "./date-header.module.css";
import type { Row } from "./groups";

interface DateHeaderProps {
  row: Extract<Row, { kind: "header" }>;
  onToggle: (day: string) => void;
}

/** "Wednesday, March 12, 2025", how many photographs, and a way to fold them away (POOL-7). */
export function DateHeader({ row, onToggle }: DateHeaderProps) {
  const { t } = useTranslation();
  return (
    <h2 className={classes.header}>
      <UnstyledButton className={classes.button} onClick={() => onToggle(row.day)} aria-expanded={!row.collapsed}>
        <IconChevronDown size={16} stroke={1.8} className={classes.arrow} data-folded={row.collapsed || undefined} />
        <span className={classes.day}>{formatFullDate(row.day)}</span>
        <Text component="span" size="sm" c="dimmed" fw={400} aria-label={t("pool.count", { count: row.count })}>
          {row.open ? "…" : row.count}
        </Text>
      </UnstyledButton>
    </h2>
  );
}
