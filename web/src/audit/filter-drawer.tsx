import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { actions, CUSTOM, events, kinds, outcomes, periods, roles, useSitesToChoose } from "./choices";
import { changed, type FilterName, type Filters, isAddress, isId, isObjectId, ofInput, toInput } from "./filters";
import { Panel } from "./panel";
import { timeZone } from "./times";
import { UserField } from "./user-field";
import { useWords, type Words } from "./words";

interface FilterDrawerProps {
  filters: Filters;
  onApply: (filters: Filters) => void;
  onClose: () => void;
}

/** Every filter there is. What is chosen holds when one says so. */
export function FilterDrawer({ opened, ...props }: FilterDrawerProps & { opened: boolean }) {
  const { t } = useWords();
  return (
    <Panel opened={opened} title={t("filters.title")} closeLabel={t("translation:ui.close")} onClose={props.onClose}>
      {opened && <FilterForm {...props} />}
    </Panel>
  );
}

function FilterForm({ filters, onApply, onClose }: FilterDrawerProps) {
  const { t } = useWords();
  const [draft, setDraft] = useState(filters);
  const [custom, setCustom] = useState(filters.since !== undefined || filters.until !== undefined);
  const [tried, setTried] = useState(false);
  const sites = useSitesToChoose();
  const faults = faultsIn(draft, t);
  const set = (changes: Filters) => setDraft((before) => changed(before, changes));
  const choice = (name: FilterName) => ({
    label: t(`filters.names.${name}`),
    placeholder: t("filters.any"),
    value: draft[name] ?? null,
    onChange: (value: string | null) => set({ [name]: value ?? "" }),
    clearable: true,
    clearButtonProps: { "aria-label": t("translation:ui.clear") },
    nothingFoundMessage: t("translation:frame.commands.nothing"),
  });
  const text = (name: FilterName) => ({
    label: t(`filters.names.${name}`),
    value: draft[name] ?? "",
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => set({ [name]: currentTarget.value.trim() }),
    error: tried && faults[name],
    autoComplete: "off",
    spellCheck: false,
  });
  const moment = (name: "since" | "until") => ({
    label: t(`filters.names.${name}`),
    type: "datetime-local",
    defaultValue: toInput(filters[name]),
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => set({ [name]: ofInput(currentTarget.value) }),
    error: tried && faults[name],
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    onApply(draft);
    onClose();
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Select
          {...choice("when")}
          placeholder={t("filters.presets.always")}
          data={periods(t)}
          value={custom ? CUSTOM : (draft.when ?? null)}
          onChange={(value) => {
            setCustom(value === CUSTOM);
            set(value === CUSTOM ? { when: "" } : { since: "", until: "", when: value ?? "" });
          }}
        />
        {custom && (
          <>
            <TextInput {...moment("since")} description={t("filters.customAbout", { zone: timeZone() })} />
            <TextInput {...moment("until")} />
          </>
        )}
        <Select {...choice("event")} data={events()} searchable />
        <Select {...choice("outcome")} data={outcomes(t)} />
        <Select {...choice("action")} data={actions(t)} />
        <UserField value={draft.user} error={tried && faults.user} onChange={(user) => set({ user })} />
        <Select {...choice("role")} data={roles(t)} />
        <Select {...choice("site")} data={sites} searchable />
        <TextInput {...text("patient")} description={t("filters.patientAbout")} />
        <Select {...choice("object_kind")} data={kinds()} />
        <TextInput {...text("object_id")} description={t("filters.objectAbout")} maxLength={200} />
        <TextInput {...text("address")} description={t("filters.addressAbout")} maxLength={64} />
        <Group justify="flex-end">
          <Button type="submit">{t("filters.apply")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What the server would refuse. */
function faultsIn({ since, until, user, patient, object_id, address }: Filters, t: Words): Filters {
  return {
    ...(object_id !== undefined && !isObjectId(object_id) && { object_id: t("filters.objectRule") }),
    ...(address !== undefined && !isAddress(address) && { address: t("filters.addressRule") }),
    ...(user !== undefined && !isId(user) && { user: t("filters.uuid") }),
    ...(patient !== undefined && !isId(patient) && { patient: t("filters.uuid") }),
    ...(since !== undefined && until !== undefined && since >= until && { until: t("filters.order") }),
  };
}
