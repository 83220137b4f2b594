import { Radio, Stack } from "@mantine/core";

interface ChoiceFieldProps<T extends string> {
  label: string;
  about: string;
  choices: readonly { value: T; label: string; about: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few, each with its effect beside it. */
export function ChoiceField<T extends string>({ label, about, choices, value, onChange }: ChoiceFieldProps<T>) {
  return (
    <Radio.Group label={label} description={about} value={value} onChange={(chosen) => onChange(chosen as T)}>
      <Stack gap="sm" mt="sm">
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} label={choice.label} description={choice.about} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
