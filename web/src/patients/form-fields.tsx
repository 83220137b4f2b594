import { ActionIcon, Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput, Title } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SiteRole } from "../api/schema";
import { today } from "../ui/dates";
import { PHOTOTYPES, SEXES, type Typed } from "./form";

type Form = UseFormReturnType<Typed>;

/** Every field of a patient, in sections, the unique ID first. */
export function PatientFields({ form, sites }: { form: Form; sites: readonly SiteRole[] }) {
  const { t } = useTranslation();
  const text = (name: keyof Typed & string) => ({
    label: t(`create.fields.${name}` as "create.fields.notes"),
    autoComplete: "off",
    ...form.getInputProps(name),
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          {...text("unique_id")}
          description={t("create.uniqueIdRule")}
          required
          maxLength={32}
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          autoFocus
        />
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
        <TextInput {...text("first_name")} maxLength={200} />
        <TextInput {...text("last_name")} maxLength={200} />
        <TextInput {...text("middle_name")} maxLength={200} />
        <TextInput {...text("preferred_name")} maxLength={200} />
      </Section>
      <Section title={t("create.sections.person")}>
        <TextInput {...text("date_of_birth")} type="date" min="1850-01-01" max={today(undefined)} />
        <Select
          {...text("sex")}
          data={SEXES.map((sex) => ({ value: sex, label: t(`create.sexes.${sex}`) }))}
          clearable
          clearButtonProps={{ "aria-label": t("ui.clear") }}
        />
        <TextInput {...text("gender")} maxLength={200} />
        <Select
          {...text("phototype")}
          data={PHOTOTYPES.map((type) => ({ value: type, label: `${type} · ${t(`create.phototypes.${type}`)}` }))}
          clearable
          clearButtonProps={{ "aria-label": t("ui.clear") }}
        />
      </Section>
      <Section title={t("create.sections.contact")}>
        <TextInput {...text("email")} type="email" maxLength={254} />
        <TextInput {...text("phone")} type="tel" maxLength={40} />
        <Textarea {...text("address")} autosize minRows={2} maxLength={10_000} style={{ gridColumn: "1 / -1" }} />
      </Section>
      <Section title={t("create.sections.care")}>
        <TextInput {...text("referring_physician")} maxLength={500} style={{ gridColumn: "1 / -1" }} />
        <RecordNumbers form={form} />
        <Textarea {...text("notes")} autosize minRows={3} maxLength={10_000} style={{ gridColumn: "1 / -1" }} />
      </Section>
    </>
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

function RecordNumbers({ form }: { form: Form }) {
  const { t } = useTranslation();
  const numbers = form.values.record_numbers;
  return (
    <Stack gap="xs" style={{ gridColumn: "1 / -1" }}>
      {numbers.map((_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a record number has no identity before it is saved
        <Group key={n} align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            label={t("create.recordSystem")}
            maxLength={200}
            {...form.getInputProps(`record_numbers.${n}.system`)}
          />
          <TextInput
            flex={1}
            label={t("create.recordNumber")}
            maxLength={200}
            {...form.getInputProps(`record_numbers.${n}.number`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("create.recordRemove", { n: n + 1 })}
            onClick={() => form.removeListItem("record_numbers", n)}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        disabled={numbers.length >= MOST_NUMBERS}
        onClick={() => form.insertListItem("record_numbers", { system: "", number: "" })}
      >
        {t("create.recordAdd")}
      </Button>
    </Stack>
  );
}
