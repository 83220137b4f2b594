import { Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useUsers } from "../administration/users";
import { usePersonName } from "../properties/person";
import { managesSomething } from "../session/may";
import { useSession } from "../session/session";
import { shortId } from "./events";
import { useWords } from "./words";

const PAUSE_MS = 250;
/** What the server takes. */
const LONGEST = 100;

interface UserFieldProps {
  value: string | undefined;
  error: ReactNode;
  onChange: (user: string) => void;
}

/** Somebody: searched by name where one manages users, else named by id. */
export function UserField(props: UserFieldProps) {
  return managesSomething(useSession()) ? <UserSearch {...props} /> : <UserId {...props} />;
}

function UserId({ value, error, onChange }: UserFieldProps) {
  const { t } = useWords();
  return (
    <TextInput
      label={t("filters.names.user")}
      description={t("filters.userId")}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      error={error}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function UserSearch({ value, error, onChange }: UserFieldProps) {
  const { t } = useWords();
  const name = usePersonName(value ?? "");
  const chosen = value === undefined ? [] : [{ value, label: name ?? shortId(value) }];
  const [typed, setTyped] = useState("");
  const wanted = chosen.some(({ label }) => label === typed) ? "" : typed.trim();
  const [text] = useDebouncedValue(wanted, PAUSE_MS);
  const users = useUsers(text.slice(0, LONGEST)).data?.pages[0]?.users ?? [];
  const found = users
    .filter(({ id }) => id !== value)
    .map(({ id, display_name, login }) => ({ value: id, label: `${display_name} · ${login}` }));
  return (
    <Select
      label={t("filters.names.user")}
      placeholder={t("filters.userAbout")}
      data={[...chosen, ...found]}
      value={value ?? null}
      onChange={(user) => onChange(user ?? "")}
      error={error}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t("filters.userNone")}
      clearable
      clearButtonProps={{ "aria-label": t("translation:ui.clear") }}
      maxDropdownHeight={240}
    />
  );
}
