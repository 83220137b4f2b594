import { Button, Fieldset, Group, MultiSelect, NumberInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { CountRange } from "../api/schema";
import { Panel } from "../audit/panel";
import { useSession } from "../session/session";
import { DATES, type Dates, type Filters } from "./filters";
import { useCategoriesHere } from "./tags";
import { useWords } from "./words";

interface FilterDrawerProps {
  filters: Filters;
  onApply: (filters: Filters) => void;
  onClose: () => void;
}

const MOST = 1_000_000;

/** Every filter there is. What is chosen holds when one says so. */
export function FilterDrawer({ opened, ...props }: FilterDrawerProps & { opened: boolean }) {
  const { t } = useWords();
  return (
    <Panel opened={opened} title={t("filters.title")} closeLabel={t("translation:ui.close")} onClose={props.onClose}>
      {opened && <FilterForm {...props} />}
    </Panel>
  );
}

interface Range {
  least: number | "";
  most: number | "";
}

function FilterForm({ filters, onApply, onClose }: FilterDrawerProps) {
  const { t } = useWords();
  const { sites } = useSession();
  const [dates, setDates] = useState<Dates>(filters.dates ?? "last_appointment");
  const [since, setSince] = useState(filters.since ?? "");
  const [until, setUntil] = useState(filters.until ?? "");
  const [any, setAny] = useState<string[]>([...filters.tags_any]);
  const [all, setAll] = useState<string[]>([...filters.tags_all]);
  const [entries, setEntries] = useState(shown(filters.entries));
  const [images, setImages] = useState(shown(filters.images));
  const [at, setAt] = useState<string[]>([...filters.sites]);
  const [tried, setTried] = useState(false);
  const tags = useTagChoices();
  const datesWrong = since !== "" && until !== "" && since > until;
  const wrong = [isWrong(entries), isWrong(images), datesWrong].some(Boolean);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    const [ofEntries, ofImages] = [meant(entries), meant(images)];
    onApply({
      sort: filters.sort,
      order: filters.order,
      ...((since !== "" || until !== "") && { dates, ...(since && { since }), ...(until && { until }) }),
      tags_any: any,
      tags_all: all,
      ...(ofEntries && { entries: ofEntries }),
      ...(ofImages && { images: ofImages }),
      sites: at,
    });
    onClose();
  }
  const chosen = { data: tags, searchable: true, clearable: true, hidePickedOptions: true, maxValues: 50 };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Fieldset legend={t("filters.dates")} variant="unstyled">
          <Stack gap="xs">
            <SegmentedControl
              aria-label={t("filters.dates")}
              value={dates}
              onChange={(value) => setDates(value as Dates)}
              data={DATES.map((value) => ({ value, label: t(`sort.${value}`) }))}
              fullWidth
            />
            <Group grow align="start">
              <TextInput
                type="date"
                label={t("filters.since")}
                value={since}
                onChange={(event) => setSince(event.currentTarget.value)}
              />
              <TextInput
                type="date"
                label={t("filters.until")}
                value={until}
                error={tried && datesWrong && t("filters.days_order")}
                onChange={(event) => setUntil(event.currentTarget.value)}
              />
            </Group>
          </Stack>
        </Fieldset>
        {tags.length > 0 && (
          <>
            <MultiSelect {...chosen} label={t("filters.tags_any")} value={any} onChange={setAny} />
            <MultiSelect {...chosen} label={t("filters.tags_all")} value={all} onChange={setAll} />
          </>
        )}
        <RangeFields legend={t("filters.entries")} range={entries} tried={tried} onChange={setEntries} />
        <RangeFields legend={t("filters.images")} range={images} tried={tried} onChange={setImages} />
        {sites.length > 1 && (
          <MultiSelect
            label={t("filters.sites")}
            data={sites.map(({ site, name }) => ({ value: site, label: name }))}
            value={at}
            onChange={setAt}
            searchable
            clearable
          />
        )}
        <Group justify="flex-end">
          <Button type="submit">{t("filters.apply")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface RangeFieldsProps {
  legend: string;
  range: Range;
  tried: boolean;
  onChange: (range: Range) => void;
}

function RangeFields({ legend, range, tried, onChange }: RangeFieldsProps) {
  const { t } = useWords();
  const field = (name: keyof Range) => ({
    label: t(`filters.${name}`),
    value: range[name],
    min: 0,
    max: MOST,
    allowDecimal: false,
    allowNegative: false,
    onChange: (value: number | string) => onChange({ ...range, [name]: value === "" ? "" : Number(value) }),
  });
  return (
    <Fieldset legend={legend} variant="unstyled">
      <Group grow align="start">
        <NumberInput {...field("least")} />
        <NumberInput {...field("most")} error={tried && isWrong(range) && t("filters.order")} />
      </Group>
    </Fieldset>
  );
}

function useTagChoices() {
  const categories = useCategoriesHere();
  return categories.map(({ id, name, tags }) => ({
    group: name,
    key: id,
    items: tags.map((tag) => ({ value: tag.id, label: tag.name })),
  }));
}

function shown(range: CountRange | undefined): Range {
  return { least: range?.least || "", most: range?.most ?? "" };
}

function isWrong({ least, most }: Range): boolean {
  return most !== "" && Number(least) > most;
}

function meant({ least, most }: Range): CountRange | undefined {
  if (least === "" && most === "") return undefined;
  return { least: Number(least), ...(most !== "" && { most }) };
}
