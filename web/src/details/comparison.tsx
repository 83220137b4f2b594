import { Alert, Stack, Table, Text } from "@mantine/core";
import type { MergePreview } from "../api/schema";
import { type Typed, typedOf } from "../patients/form";
import { useSiteNames } from "../session/site-names";
import { formatInstant } from "../ui/dates";
import { Fact, Facts } from "../ui/fact-list";
import classes from "./comparison.module.css";
import { fieldName, inWords } from "./in-words";
import { useWords } from "./words";

/** What two records say of a person, and what would be seen of both together. */
export function Comparison({ preview }: { preview: MergePreview }) {
  const { t } = useWords();
  const names = useSiteNames();
  const { survivor, alias, together, differing, only_alias } = preview;
  const ours = typedOf(survivor);
  const theirs = typedOf(alias);
  const fields = (Object.keys(ours) as (keyof Typed)[]).filter(
    (name) => name !== "site" && [ours[name], theirs[name]].some((value) => value !== null && value.length > 0),
  );
  const apart = new Set([...differing, ...only_alias]);
  const newly = preview.newly_seeing.map((site) => names?.find(({ id }) => id === site)?.name ?? "…");
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t(apart.size === 0 ? "merge.same" : "merge.differing")}
      </Text>
      <Table.ScrollContainer minWidth={360}>
        <Table className={classes.table} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("merge.field")}</Table.Th>
              <Table.Th>{t("merge.stays")}</Table.Th>
              <Table.Th>{t("merge.becomes")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((name) => (
              <Table.Tr key={name} data-apart={apart.has(name) || undefined}>
                <Table.Th scope="row">{fieldName(name, t)}</Table.Th>
                <Table.Td>{inWords(name, ours, t)}</Table.Td>
                <Table.Td>{inWords(name, theirs, t)}</Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Th scope="row">{t("merge.photographs")}</Table.Th>
              <Table.Td>{survivor.image_count}</Table.Td>
              <Table.Td>{alias.image_count}</Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Facts title={t("merge.together")} order={2}>
        <Fact name={t("merge.photographs")}>{together.image_count}</Fact>
        <Fact name={t("merge.entries")}>{together.entry_count}</Fact>
        <Fact name={t("merge.appointment")}>
          {together.last_appointment === null ? t("merge.never") : formatInstant(together.last_appointment, undefined)}
        </Fact>
        <Fact name={t("merge.consent")}>{t(together.consent_given ? "merge.given" : "merge.notGiven")}</Fact>
      </Facts>
      {newly.length === 0 ? (
        <Text size="sm">{t("merge.noSites")}</Text>
      ) : (
        <Alert color="yellow" variant="light" title={t("merge.sites")}>
          {newly.join(", ")}
        </Alert>
      )}
    </Stack>
  );
}
