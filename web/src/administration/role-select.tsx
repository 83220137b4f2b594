import { Select, Stack, Text } from "@mantine/core";
import { SITE_ROLES, type SiteRole } from "./roles";
import { useWords } from "./words";

const NONE = "none";

interface RoleSelectProps {
  label: string;
  role: SiteRole | null;
  onRole: (role: SiteRole | null) => void;
}

/** The role at one site; what each may do stands beside it (ORG-1). */
export function RoleSelect({ label, role, onRole }: RoleSelectProps) {
  const { t } = useWords();
  const roles = [NONE, ...SITE_ROLES] as const;
  return (
    <Select
      label={label}
      description={t(`roles.may.${role ?? NONE}`)}
      inputWrapperOrder={["label", "input", "description"]}
      value={role ?? NONE}
      onChange={(chosen) => onRole(chosen === NONE ? null : (chosen as SiteRole))}
      allowDeselect={false}
      data={roles.map((value) => ({ value, label: t(`translation:roles.names.${value}`) }))}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text fw={550}>{option.label}</Text>
          <Text size="sm" c="dimmed">
            {t(`roles.may.${option.value as SiteRole}`)}
          </Text>
        </Stack>
      )}
      maxDropdownHeight={420}
      styles={{ description: { marginTop: 6, marginBottom: 0 } }}
    />
  );
}
