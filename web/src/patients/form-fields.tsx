import { ActionIcon, Box, Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput, Title } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SiteRole } from "../api/schema";
import { today } from "../ui/dates";
import { PHOTOTYPES, type RecordNumber, SEXES, type Typed } from "./form";

/** How the fields of a patient are bound to a form: a new patient's, or the details of one. */
export interface Binding {
  /** What an input takes: its value, what becomes of a change, what is wrong with it. */
  // biome-ignore lint/suspicious/noExplicitAny: what Mantine's forms give to inputs of every kind
  input: (name: keyof Typed) => any;
  numbers: readonly RecordNumber[];
  setNumbers: (numbers: RecordNumber[]) => void;
  /** What is wrong, by the field's path. */
  faults: Readonly<Record<string, ReactNode>>;
  readOnly?: boolean;
  /** What is said below a field, and whether the field stands out. */
  note?: (name: keyof Typed) => ReactNode;
}

interface PatientFieldsProps {
  binding: Binding;
  /** Sites to choose from; none where the site is no question. */
  sites?: readonly SiteRole[];
  /** Where one begins to type at once. */
  autoFocus?: boolean;
}

/** Every field of a patient, in sections, the unique ID first. */
export function PatientFields({ binding, sites = [], autoFocus = false }: PatientFieldsProps) {
  const { t } = useTranslation();
  const { readOnly = false } = binding;
  const text = (name: keyof Typed & string) => ({
    label: t(`create.fields.${name}` as "create.fields.notes"),
    autoComplete: "off",
    readOnly,
    ...binding.input(name),
  });
  const select = (name: keyof Typed & string) => ({
    ...text(name),
    clearable: !readOnly,
    clearButtonProps: { "aria-label": t("ui.clear") },
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Field name="unique_id" of={binding}>
          <TextInput
            {...text("unique_id")}
            description={t("create.uniqueIdRule")}
            required
            maxLength={32}
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus={autoFocus || undefined}
            autoFocus={autoFocus}
          />
        </Field>
        {sites.length > 1 && (
          <Select
            {...text("site")}
            description={t("create.siteAbout")}
            data={sites.map((site) => ({ value: site.site, label: site.name }))}
            allowDeselect={false}
          />
        )}
      </SimpleGrid>
      <Section title={t("create.sections.name")}>
        {(["first_name", "last_name", "middle_name", "preferred_name"] as const).map((name) => (
          <Field key={name} name={name} of={binding}>
            <TextInput {...text(name)} maxLength={200} />
          </Field>
        ))}
      </Section>
      <Section title={t("create.sections.person")}>
        <Field name="date_of_birth" of={binding}>
          <TextInput {...text("date_of_birth")} type="date" min="1850-01-01" max={today(undefined)} />
        </Field>
        <Field name="sex" of={binding}>
          <Select {...select("sex")} data={SEXES.map((sex) => ({ value: sex, label: t(`create.sexes.${sex}`) }))} />
        </Field>
        <Field name="gender" of={binding}>
          <TextInput {...text("gender")} maxLength={200} />
        </Field>
        <Field name="phototype" of={binding}>
          <Select
            {...select("phototype")}
            data={PHOTOTYPES.map((type) => ({ value: type, label: `${type} · ${t(`create.phototypes.${type}`)}` }))}
          />
        </Field>
      </Section>
      <Section title={t("create.sections.contact")}>
        <Field name="email" of={binding}>
          <TextInput {...text("email")} type="email" maxLength={254} />
        </Field>
        <Field name="phone" of={binding}>
          <TextInput {...text("phone")} type="tel" maxLength={40} />
        </Field>
        <Field name="address" of={binding} wide>
          <Textarea {...text("address")} autosize minRows={2} maxLength={10_000} />
        </Field>
      </Section>
      <Section title={t("create.sections.care")}>
        <Field name="referring_physician" of={binding} wide>
          <TextInput {...text("referring_physician")} maxLength={500} />
        </Field>
        <Field name="record_numbers" of={binding} wide>
          <RecordNumbers binding={binding} />
        </Field>
        <Field name="notes" of={binding} wide>
          <Textarea {...text("notes")} autosize minRows={3} maxLength={10_000} />
        </Field>
      </Section>
    </>
  );
}

interface FieldProps {
  name: keyof Typed;
  of: Binding;
  wide?: boolean;
  children: ReactNode;
}

function Field({ name, of, wide = false, children }: FieldProps) {
  return (
    <Box miw={0} {...(wide && { style: { gridColumn: "1 / -1" } })}>
      {children}
      {of.note?.(name)}
    </Box>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {children}
      </SimpleGrid>
    </section>
  );
}

const MOST_NUMBERS = 20;

function RecordNumbers({ binding }: { binding: Binding }) {
  const { t } = useTranslation();
  const { numbers, setNumbers, faults, readOnly = false } = binding;
  const input = (n: number, part: keyof RecordNumber) => ({
    flex: 1,
    maxLength: 200,
    readOnly,
    value: numbers[n]?.[part] ?? "",
    error: faults[`record_numbers.${n}.${part}`],
    onChange: (event: { currentTarget: { value: string } }) =>
      setNumbers(numbers.map((number, m) => (m === n ? { ...number, [part]: event.currentTarget.value } : number))),
  });
  return (
    <Stack gap="xs">
      {numbers.map((_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a record number has no identity before it is saved
        <Group key={n} align="flex-end" gap="xs" wrap="nowrap">
          <TextInput label={t("create.recordSystem")} {...input(n, "system")} />
          <TextInput label={t("create.recordNumber")} {...input(n, "number")} />
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t("create.recordRemove", { n: n + 1 })}
              onClick={() => setNumbers(numbers.filter((_, m) => m !== n))}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!readOnly && (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          disabled={numbers.length >= MOST_NUMBERS}
          onClick={() => setNumbers([...numbers, { system: "", number: "" }])}
        >
          {t("create.recordAdd")}
        </Button>
      )}
    </Stack>
  );
}
