import { Text, Title } from "@mantine/core";
import classes from "./form-text.module.css";

interface FormTextProps {
  title: string;
  text: string;
  language: string;
  /** What stands beside the title, such as the version. */
  beside?: string;
  order?: 2 | 3;
}

/** A consent form as it is read: its words, and nothing but words. */
export function FormText({ title, text, language, beside, order = 3 }: FormTextProps) {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "");
  return (
    <article className={classes.form} lang={language}>
      <Title order={order} size="h3" mb="xs">
        {title}
      </Title>
      {beside !== undefined && (
        <Text size="xs" c="dimmed" mb="sm">
          {beside}
        </Text>
      )}
      {paragraphs.map((paragraph, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no other name, and are never moved
        <p key={at}>{paragraph}</p>
      ))}
    </article>
  );
}
