import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./fact-list.module.css";

interface FactsProps {
  title: string;
  /** Of the heading, below what stands above it. */
  order?: 2 | 3;
  children: ReactNode;
}

/** Facts that belong together. Nothing where none of them is known. */
export function Facts({ title, order = 3, children }: FactsProps) {
  return (
    <section className={classes.section}>
      <Title order={order} className={classes.title}>
        {title}
      </Title>
      <dl className={classes.facts}>{children}</dl>
    </section>
  );
}

/** One fact; left out where it is not known. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === false) return null;
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
