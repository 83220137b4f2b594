import {
  ActionIcon,
  Button,
  type ButtonProps,
  Group,
  Menu,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconChevronDown,
  IconFilter,
  IconLayoutGrid,
  IconSearch,
  IconSortAscending,
  IconSortDescending,
  IconTable,
  IconUserPlus,
} from "@tabler/icons-react";
import { type KeyboardEvent, lazy, Suspense, useMemo, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { NotFound } from "../frame/error-pages";
import { CREATE, EMERGENCY } from "../frame/places";
import { usePrefer, usePreference } from "../preferences/preferences";
import { mayBreakGlass, mayCreatePatients, seesPatients } from "../session/may";
import { useSession } from "../session/session";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { part } from "../ui/part";
import { enter } from "./arrows";
import { Chips } from "./chips";
import { addressOf, type Filters, filtersIn, held, SORTS, usualOrder, withoutAll } from "./filters";
import classes from "./page.module.css";
import { Results } from "./results";
import { usePatientSearch } from "./search";
import { useWords } from "./words";

const FilterDrawer = lazy(part(async () => ({ default: (await import("./filter-drawer")).FilterDrawer })));

const PAUSE_MS = 200;
/** What the server takes. */
const LONGEST = 100;

/** The Patient Database (PAT-4): whom one may see, in four orders, by filters and words. */
export function PatientDatabase() {
  return seesPatients(useSession()) ? <Database /> : <NotFound />;
}

function Database() {
  const { t } = useWords();
  usePageTitle(t("translation:frame.places.patients"));
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => filtersIn(address), [address]);
  const replace = (wanted: Filters) => setAddress(addressOf(wanted));
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed.trim().split(/\s+/).join(" "), PAUSE_MS);
  const [choosing, setChoosing] = useState<boolean>(); // undefined until filters were chosen for the first time
  const search = usePatientSearch(filters, text);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const narrowed = text !== "" || held(filters).length > 0;
  function clear(): void {
    setTyped("");
    replace(withoutAll(filters));
    field.current?.focus();
  }
  function into(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    enter(list.current);
  }
  return (
    <Page>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t("translation:frame.places.patients")}</Title>
        <Group gap="xs">
          <EmergencyButton />
          <CreateButton />
        </Group>
      </Group>
      <Stack gap="sm" mb="md">
        <div className={classes.toolbar}>
          <TextInput
            ref={field}
            type="search"
            className={classes.search}
            aria-label={t("search.label")}
            placeholder={t("search.hint")}
            leftSection={<IconSearch size={16} stroke={1.6} />}
            autoComplete="off"
            spellCheck={false}
            maxLength={LONGEST}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={into}
            data-search
          />
          <Button
            variant="default"
            leftSection={<IconFilter size={16} stroke={1.6} />}
            onClick={() => setChoosing(true)}
          >
            {t("filters.open")}
          </Button>
          <Sorting filters={filters} onChange={replace} />
          <ViewChoice />
        </div>
        <Chips filters={filters} onChange={replace} />
        <Count page={search.data?.pages[0]} />
      </Stack>
      <Results
        search={search}
        list={list}
        onLeave={() => field.current?.focus()}
        nobody={<Nobody narrowed={narrowed} searched={text !== ""} onClear={clear} />}
      />
      {choosing !== undefined && (
        <Suspense>
          <FilterDrawer opened={choosing} filters={filters} onApply={replace} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Sorting({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useWords();
  const { sort, order } = filters;
  const Sign = order === "ascending" ? IconSortAscending : IconSortDescending;
  return (
    <Group gap={4} wrap="nowrap">
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            w={204}
            px="sm"
            justify="space-between"
            aria-label={t("sort.by", { order: t(`sort.${sort}`) })}
            rightSection={<IconChevronDown size={15} stroke={1.6} />}
          >
            {t(`sort.${sort}`)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {SORTS.map((value) => (
            <Menu.Item
              key={value}
              fw={value === sort ? 600 : undefined}
              aria-current={value === sort || undefined}
              onClick={() => onChange({ ...filters, sort: value, order: usualOrder(value) })}
            >
              {t(`sort.${value}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={t(`sort.${order}`)}
        onClick={() => onChange({ ...filters, order: order === "ascending" ? "descending" : "ascending" })}
      >
        <Sign size={18} stroke={1.6} />
      </ActionIcon>
    </Group>
  );
}

/** Cards or a table; it is kept. */
function ViewChoice() {
  const { t } = useWords();
  const view = usePreference("patients_view") ?? "cards";
  const prefer = usePrefer();
  const signs = { cards: IconLayoutGrid, table: IconTable } as const;
  return (
    <SegmentedControl
      aria-label={t("view.label")}
      value={view}
      onChange={(value) => prefer({ patients_view: value as keyof typeof signs })}
      data={(["cards", "table"] as const).map((value) => {
        const Sign = signs[value];
        return {
          value,
          label: <Sign size={17} stroke={1.6} role="img" aria-label={t(`view.${value}`)} className={classes.sign} />,
        };
      })}
    />
  );
}

/** How many there are, for those who listen too. */
function Count({ page }: { page: { count: number | null; count_is_exact: boolean | null } | undefined }) {
  const { t } = useWords();
  const count = page?.count ?? null;
  return (
    <Text role="status" size="sm" c="dimmed" mih={20}>
      {count !== null && t(page?.count_is_exact ? "count.exact" : "count.more", { count })}
    </Text>
  );
}

function Nobody({ narrowed, searched, onClear }: { narrowed: boolean; searched: boolean; onClear: () => void }) {
  const { t } = useWords();
  return (
    <Stack align="center" py={80} gap="xs" ta="center">
      <Title order={2}>{t(narrowed ? "empty.title" : "translation:patients.none.title")}</Title>
      <Text c="dimmed">{t(narrowed ? "empty.about" : "translation:patients.none.about")}</Text>
      {searched && <Text c="dimmed">{t("empty.aboutText")}</Text>}
      {narrowed ? (
        <Button variant="default" mt="sm" onClick={onClear}>
          {t("empty.clear")}
        </Button>
      ) : (
        <CreateButton mt="sm" />
      )}
    </Stack>
  );
}

/** The way to a patient of another site, for those who may break the glass. */
function EmergencyButton() {
  const { t } = useWords();
  if (!mayBreakGlass(useSession())) return null;
  return (
    <Button
      component={Link}
      to={EMERGENCY.to}
      variant="default"
      leftSection={<EMERGENCY.icon size={17} stroke={1.6} />}
    >
      {t("translation:frame.places.emergency")}
    </Button>
  );
}

/** The way to a new patient, for those who may create one. */
function CreateButton(look: ButtonProps) {
  const { t } = useWords();
  if (!mayCreatePatients(useSession())) return null;
  return (
    <Button component={Link} to={CREATE.to} leftSection={<IconUserPlus size={17} />} {...look}>
      {t("translation:frame.places.create")}
    </Button>
  );
}
