import { Alert, Button, Group, Radio, Stack, Text } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useState } from "react";
import { usePersonName } from "../properties/person";
import classes from "./clash-panel.module.css";
import { type Clash, isClash } from "./merging";
import { chosen, type Disagreement } from "./sync";
import { useWords } from "./words";

type Choice = "ours" | "theirs" | "both";

interface ClashPanelProps {
  disagreement: Disagreement;
  onDecide: (text: string) => void;
}

/** The same paragraphs in two versions: both are shown, and a person says what stays (ENT-3). */
export function ClashPanel({ disagreement: { parts, theirs }, onDecide }: ClashPanelProps) {
  const { t } = useWords();
  const clashes = parts.filter(isClash);
  const [choices, setChoices] = useState<readonly (Choice | undefined)[]>([]);
  const name = usePersonName(theirs.saved_by ?? "") ?? t("clash.somebody");
  const made = clashes.map((_, n) => choices[n] ?? "both");
  const choose = (at: number, choice: Choice) => setChoices(made.map((one, n) => (n === at ? choice : one)));
  return (
    <Alert
      color="yellow"
      role="alert"
      icon={<IconGitMerge size={18} />}
      title={t("clash.title", { count: clashes.length, name })}
      classNames={{ message: classes.message ?? "" }}
    >
      <Stack gap="md">
        <Text size="sm">{t("clash.about")}</Text>
        {clashes.map((clash, n) => (
          <Choices
            // biome-ignore lint/suspicious/noArrayIndexKey: clashes have no other name than their order
            key={n}
            number={n + 1}
            clash={clash}
            name={name}
            choice={made[n] ?? "both"}
            onChoose={(choice) => choose(n, choice)}
          />
        ))}
        <Group>
          <Button size="sm" onClick={() => onDecide(chosen(parts, made))}>
            {t("clash.save")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

interface ChoicesProps {
  number: number;
  clash: Clash;
  name: string;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}

function Choices({ number, clash, name, choice, onChoose }: ChoicesProps) {
  const { t } = useWords();
  return (
    <Radio.Group
      value={choice}
      onChange={(value) => onChoose(value as Choice)}
      aria-label={t("clash.choice", { number })}
      className={classes.choices ?? ""}
    >
      <Version value="ours" label={t("clash.yours")} lines={clash.ours} />
      <Version value="theirs" label={t("clash.theirs", { name })} lines={clash.theirs} />
      <Radio value="both" label={t("clash.both")} classNames={{ label: classes.label ?? "" }} />
    </Radio.Group>
  );
}

function Version({ value, label, lines }: { value: Choice; label: string; lines: readonly string[] }) {
  const { t } = useWords();
  const text = lines.join("\n");
  return (
    <div className={classes.version}>
      <Radio value={value} label={<bdi>{label}</bdi>} classNames={{ label: classes.label ?? "" }} />
      {text.trim() === "" ? (
        <Text size="sm" c="dimmed" fs="italic" className={classes.text}>
          {t("clash.deleted")}
        </Text>
      ) : (
        <Text size="sm" className={classes.text}>
          {text}
        </Text>
      )}
    </div>
  );
}
