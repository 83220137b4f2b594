import { Button, ColorSwatch, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TagColour } from "../api/schema";
import { useSayProblem } from "../ui/say-problem";
import classes from "./editor.module.css";
import { Label } from "./label";
import { COLOURS, PALETTE } from "./palette";
import { useWords } from "./words";

const LONGEST = 60;

interface NameFormProps {
  /** What the button says that sends it. */
  action: string;
  label: string;
  name?: string;
  colour: TagColour;
  /** Whether a colour is chosen too. */
  withColour?: boolean;
  /** Resolves when it is kept. */
  save: (name: string, colour: TagColour) => Promise<unknown>;
  onDone: () => void;
}

/** The name of a tag or a category, and how it will look. */
export function NameForm({ action, label, name: before = "", colour: first, withColour, save, onDone }: NameFormProps) {
  const { t } = useWords();
  const say = useSayProblem();
  const [name, setName] = useState(before);
  const [colour, setColour] = useState(first);
  const saving = useMutation({ mutationFn: () => save(name, colour), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && !saving.isPending) saving.mutate();
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <Stack gap="sm">
        <TextInput
          label={label}
          value={name}
          maxLength={LONGEST}
          required
          withAsterisk={false}
          data-autofocus
          autoFocus
          autoComplete="off"
          error={saving.error === null ? null : say(saving.error)}
          onChange={(event) => {
            setName(event.currentTarget.value);
            saving.reset();
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") onDone();
          }}
        />
        {withColour && <ColourChoice value={colour} onChange={setColour} />}
        <Group gap="sm" mih={24}>
          <Text size="sm" c="dimmed">
            {t("editor.preview")}
          </Text>
          <Label name={name.trim() || t("editor.previewName")} colour={withColour ? colour : first} />
        </Group>
        <Group gap="sm">
          <Button type="submit" size="sm" loading={saving.isPending} disabled={name.trim() === ""}>
            {action}
          </Button>
          <Button variant="default" size="sm" onClick={onDone}>
            {t("translation:ui.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ColourChoice({ value, onChange }: { value: TagColour; onChange: (colour: TagColour) => void }) {
  const { t } = useWords();
  return (
    <Radio.Group label={t("editor.colour")} value={value} onChange={(colour) => onChange(colour as TagColour)}>
      <Group gap={6} mt={4}>
        {COLOURS.map((colour) => (
          <Radio.Card key={colour} value={colour} className={classes.colour} aria-label={t(`colours.${colour}`)}>
            <ColorSwatch
              component="span"
              size={16}
              withShadow={false}
              color={`light-dark(${PALETTE[colour].light.mark}, ${PALETTE[colour].dark.mark})`}
            />
            <span>{t(`colours.${colour}`)}</span>
          </Radio.Card>
        ))}
      </Group>
    </Radio.Group>
  );
}
