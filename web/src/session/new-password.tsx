import { List, Stack, ThemeIcon } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconCheck, IconPoint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { PasswordField } from "./password-field";
import { isStrong, RULES } from "./password-rules";

export interface NewPasswordTyped {
  /** The old one, where it is asked for. */
  current?: string;
  fresh: string;
  again: string;
}

/** What is wrong with a new password and its repetition, as `validate` of a form. */
export function useNewPasswordRules() {
  const { t } = useTranslation();
  return {
    fresh: (fresh: string, { current }: NewPasswordTyped) =>
      !isStrong(fresh) || fresh === current ? t("password.weak") : null,
    again: (again: string, { fresh }: NewPasswordTyped) => (again === fresh ? null : t("password.differs")),
  };
}

/** A password to come, typed twice, with what is asked of it ticked off (ORG-3). */
export function NewPassword<T extends NewPasswordTyped>({ form }: { form: UseFormReturnType<T> }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <PasswordField label={t("password.fresh")} autoComplete="new-password" {...form.getInputProps("fresh")} />
      <List size="sm" c="dimmed" listStyleType="none" spacing={4} center>
        {RULES.map((rule) => {
          const holds = rule.holds(form.values.fresh);
          const mark = holds ? <IconCheck size={14} /> : <IconPoint size={14} />;
          return (
            <List.Item
              key={rule.name}
              icon={
                <ThemeIcon size={18} radius="xl" variant="transparent" color={holds ? "teal" : "gray"}>
                  {mark}
                </ThemeIcon>
              }
            >
              {t(`password.rules.${rule.name}`)}
            </List.Item>
          );
        })}
      </List>
      <PasswordField label={t("password.again")} autoComplete="new-password" {...form.getInputProps("again")} />
    </Stack>
  );
}
