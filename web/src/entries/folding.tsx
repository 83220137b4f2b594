import { Collapse, Group, Text, Title, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import classes from "./folding.module.css";

interface FoldingProps {
  title: string;
  /** How many there are of what is in it; undefined where that says nothing. */
  count?: number | undefined;
  open: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** A part of a page that can be folded away under its heading. */
export function Folding({ title, count, open, onToggle, children }: FoldingProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={`${id}-title`}>
      <Title order={2} className={classes.heading}>
        <UnstyledButton
          id={`${id}-title`}
          className={classes.button}
          aria-expanded={open}
          aria-controls={id}
          onClick={onToggle}
        >
          <IconChevronDown size={18} stroke={1.8} className={classes.mark} data-folded={!open || undefined} />
          <Group component="span" gap={8} align="baseline">
            {title}
            {count !== undefined && (
              <Text component="span" size="sm" c="dimmed" fw={400}>
                {count}
              </Text>
            )}
          </Group>
        </UnstyledButton>
      </Title>
      <Collapse id={id} expanded={open} transitionDuration={120}>
        <div className={classes.content}>{children}</div>
      </Collapse>
    </section>
  );
}
