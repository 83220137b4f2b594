import { Button, Group, VisuallyHidden } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { usePersonName } from "../properties/person";
import { useSiteNames } from "../session/site-names";
import { formatInstant } from "../ui/dates";
import { ACTIONS, eventInWords, kindInWords, OUTCOMES, rolesInWords, shortId } from "./events";
import { FILTERS, type FilterName, type Filters, isPreset } from "./filters";
import { useWords, type Words } from "./words";

interface ChipsProps {
  filters: Filters;
  onChange: (changes: Filters) => void;
  onClear: () => void;
}

/** The filters that hold; each is removed by a click. */
export function Chips({ filters, onChange, onClear }: ChipsProps) {
  const { t } = useWords();
  const held = FILTERS.filter((name) => filters[name] !== undefined);
  if (held.length === 0) return null;
  return (
    <Group role="group" aria-label={t("filters.chosen")} gap={6}>
      {held.map((name) => (
        <Chip key={name} name={name} value={filters[name] ?? ""} onRemove={() => onChange({ [name]: "" })} />
      ))}
      {held.length > 1 && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={onClear}>
          {t("filters.clear")}
        </Button>
      )}
    </Group>
  );
}

function Chip({ name, value, onRemove }: { name: FilterName; value: string; onRemove: () => void }) {
  const { t } = useWords();
  const person = usePersonName(name === "user" ? value : "");
  const site = useSiteNames({ enabled: name === "site" })?.find(({ id }) => id === value)?.name;
  return (
    <Button
      variant="light"
      size="compact-sm"
      maw="100%"
      data-filter={name}
      rightSection={<IconX size={14} aria-hidden />}
      onClick={onRemove}
    >
      <span>
        <VisuallyHidden>{t("filters.remove")} </VisuallyHidden>
        {t(`filters.names.${name}`)}: <bdi>{person ?? site ?? valueInWords(name, value, t)}</bdi>
      </span>
    </Button>
  );
}

/** What a filter asks for, in words; the value itself where it is none that there is. */
function valueInWords(name: FilterName, value: string, t: Words): string {
  if (name === "when") return isPreset(value) ? t(`filters.presets.${value}`) : value;
  if (name === "since" || name === "until")
    return Number.isNaN(Date.parse(value)) ? value : formatInstant(value, undefined);
  if (name === "event") return eventInWords(value);
  if (name === "object_kind") return kindInWords(value);
  if (name === "role") return rolesInWords([value], t);
  const outcome = OUTCOMES.find((one) => name === "outcome" && one === value);
  if (outcome !== undefined) return t(`outcomes.${outcome}`);
  const action = ACTIONS.find((one) => name === "action" && one === value);
  if (action !== undefined) return t(`actions.${action}`);
  return shortId(value);
}
