import { Alert, Button, List, Stack, ThemeIcon } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCheck, IconPoint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import { answered, api } from "../api/client";
import { usePageTitle } from "../ui/page-title";
import { useSayProblem } from "../ui/say-problem";
import { OutsidePage } from "./outside-page";
import { PasswordField } from "./password-field";
import { RULES } from "./password-rules";
import { refreshSession, signOut, useSessionQuery } from "./session";

/** The first password of one's own: nothing else can be done before it is chosen (ORG-2). */
export function ChoosePassword() {
  const { t } = useTranslation();
  const say = useSayProblem();
  usePageTitle(t("password.title"));
  const { data: session } = useSessionQuery();
  const form = useForm({
    initialValues: { current: "", fresh: "", again: "" },
    validate: {
      fresh: (fresh, { current }) =>
        !RULES.every((rule) => rule.holds(fresh)) || fresh === current ? t("password.weak") : null,
      again: (again, { fresh }) => (again === fresh ? null : t("password.differs")),
    },
  });
  const change = useMutation({
    mutationFn: ({ current, fresh }: typeof form.values) =>
      answered(api.PUT("/api/v1/account/password", { body: { current_password: current, new_password: fresh } })),
    onSuccess: refreshSession,
  });
  if (session === null) return <Navigate to="/sign-in" replace />;
  if (session !== undefined && !session.password_change_required) return <Navigate to="/patients" replace />;
  return (
    <OutsidePage title={t("password.title")} about={t("password.about")}>
      <form onSubmit={form.onSubmit((typed) => change.mutate(typed))}>
        <Stack gap="md">
          {change.error !== null && (
            <Alert color="red" variant="light" role="alert" p="sm">
              {say(change.error)}
            </Alert>
          )}
          <input type="text" name="username" autoComplete="username" value={session?.login ?? ""} readOnly hidden />
          <PasswordField
            label={t("password.current")}
            autoComplete="current-password"
            {...form.getInputProps("current")}
          />
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
          <Button type="submit" loading={change.isPending} fullWidth>
            {t("password.submit")}
          </Button>
          <Button variant="subtle" color="gray" fullWidth onClick={() => void signOut()}>
            {t("password.later")}
          </Button>
        </Stack>
      </form>
    </OutsidePage>
  );
}
