import { Button, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import { answered, api } from "../api/client";
import { ProblemAlert } from "../forms/problem-alert";
import { usePageTitle } from "../ui/page-title";
import { NewPassword, useNewPasswordRules } from "./new-password";
import { OutsidePage } from "./outside-page";
import { PasswordField } from "./password-field";
import { refreshSession, signOut, useSessionQuery } from "./session";

/** The first password of one's own: nothing else can be done before it is chosen (ORG-2). */
export function ChoosePassword() {
  const { t } = useTranslation();
  usePageTitle(t("password.title"));
  const { data: session } = useSessionQuery();
  const form = useForm({ initialValues: { current: "", fresh: "", again: "" }, validate: useNewPasswordRules() });
  const change = useMutation({
    mutationFn: ({ current, fresh }: typeof form.values) =>
      answered(api.PUT("/api/v1/account/password", { body: { current_password: current, new_password: fresh } })),
    onSuccess: refreshSession,
  });
  if (session === null) return <Navigate to="/sign-in" replace />;
  if (session !== undefined && !session.password_change_required) return <Navigate to="/" replace />;
  return (
    <OutsidePage title={t("password.title")} about={t("password.about")}>
      <form onSubmit={form.onSubmit((typed) => change.mutate(typed))}>
        <Stack gap="md">
          <ProblemAlert error={change.error} />
          <input type="text" name="username" autoComplete="username" value={session?.login ?? ""} readOnly hidden />
          <PasswordField
            label={t("password.current")}
            autoComplete="current-password"
            {...form.getInputProps("current")}
          />
          <NewPassword form={form} />
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
