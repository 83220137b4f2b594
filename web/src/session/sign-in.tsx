import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { answered, api } from "../api/client";
import { ProblemAlert } from "../forms/problem-alert";
import { usePageTitle } from "../ui/page-title";
import { OutsidePage } from "./outside-page";
import { PasswordField } from "./password-field";
import { enter, useSessionQuery } from "./session";

/** Login and password. */
export function SignIn() {
  const { t } = useTranslation();
  usePageTitle(t("signIn.title"));
  const here: { from?: unknown; login?: unknown } | null = useLocation().state;
  const from = typeof here?.from === "string" ? here.from : "/patients";
  const chosen = typeof here?.login === "string" ? here.login : null;
  const form = useForm({ initialValues: { login: chosen ?? "", password: "" } });
  const { data: session } = useSessionQuery();
  const signIn = useMutation({
    mutationFn: (typed: typeof form.values) => answered(api.POST("/api/v1/session", { body: typed })),
    onSuccess: enter,
    onError: () => form.setFieldValue("password", ""),
  });
  if (session != null) return <Navigate to={from} replace />;
  return (
    <OutsidePage title={t("signIn.title")}>
      <form onSubmit={form.onSubmit((typed) => signIn.mutate(typed))}>
        <Stack gap="md">
          {chosen !== null && signIn.error === null && (
            <Alert color="teal" variant="light" role="status" p="sm">
              {t("signIn.chosen")}
            </Alert>
          )}
          <ProblemAlert error={signIn.error} />
          <TextInput
            label={t("signIn.login")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            data-autofocus
            size="md"
            {...form.getInputProps("login")}
          />
          <PasswordField
            label={t("signIn.password")}
            autoComplete="current-password"
            size="md"
            {...form.getInputProps("password")}
          />
          <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
            {t("signIn.submit")}
          </Button>
        </Stack>
      </form>
    </OutsidePage>
  );
}
