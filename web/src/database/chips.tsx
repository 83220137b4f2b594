import { Button, Group, VisuallyHidden } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { CountRange } from "../api/schema";
import { useSession } from "../session/session";
import type { KnownTag } from "../tags/known";
import { formatDate } from "../ui/dates";
import { type Filters, held, type Removable, without, withoutAll } from "./filters";
import { useTagsHere } from "./tags";
import { useWords, type Words } from "./words";

/** The filters that hold; each is removed by a click. */
export function Chips({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useWords();
  const inWords = useInWords(filters);
  const names = held(filters);
  if (names.length === 0) return null;
  return (
    <Group role="group" aria-label={t("filters.chosen")} gap={6}>
      {names.map((name) => (
        <Button
          key={name}
          variant="light"
          size="compact-sm"
          maw="100%"
          data-filter={name}
          rightSection={<IconX size={14} aria-hidden />}
          onClick={() => onChange(without(filters, name))}
        >
          <span>
            <VisuallyHidden>{t("filters.remove")} </VisuallyHidden>
            {inWords(name)}
          </span>
        </Button>
      ))}
      {names.length > 1 && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange(withoutAll(filters))}>
          {t("filters.clear")}
        </Button>
      )}
    </Group>
  );
}

function useInWords(filters: Filters): (name: Removable) => string {
  const { t } = useWords();
  const tags = useTagsHere();
  const { sites } = useSession();
  return (name) => {
    if (name === "dates") return `${t(`sort.${filters.dates ?? "last_appointment"}`)}: ${daysInWords(filters, t)}`;
    if (name === "sites") {
      const named = filters.sites.map((id) => sites.find(({ site }) => site === id)?.name ?? id.slice(0, 8));
      return `${t("filters.sites")}: ${named.join(", ")}`;
    }
    if (name === "entries" || name === "images") return `${t(`filters.${name}`)}: ${rangeInWords(filters[name], t)}`;
    return `${t(`filters.${name}`)}: ${filters[name].map((id) => tagInWords(tags.get(id), t)).join(", ")}`;
  };
}

function tagInWords(tag: KnownTag | undefined, t: Words): string {
  return tag?.name ?? t("filters.unknownTag");
}

function daysInWords({ since, until }: Filters, t: Words): string {
  if (since !== undefined && until !== undefined)
    return t("filters.days", { since: formatDate(since), until: formatDate(until) });
  if (since !== undefined) return t("filters.daysSince", { since: formatDate(since) });
  return until === undefined ? "" : t("filters.daysUntil", { until: formatDate(until) });
}

function rangeInWords(range: CountRange | undefined, t: Words): string {
  const { least = 0, most } = range ?? {};
  if (most === undefined || most === null) return t("filters.onlyLeast", { least });
  if (least === most) return t("filters.exactly", { least });
  return least === 0 ? t("filters.onlyMost", { most }) : t("filters.range", { least, most });
}
