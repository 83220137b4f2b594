import { Alert, Button, Checkbox, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useSearchParams } from "react-router";
import { answered, api } from "../api/client";
import { Problem } from "../api/problem";
import { ProblemAlert } from "../forms/problem-alert";
import { CodeField } from "../second-factor/code-field";
import { usePageTitle } from "../ui/page-title";
import { OutsidePage } from "./outside-page";
import { PasswordField } from "./password-field";
import { Providers } from "./providers";
import { returnedProblem } from "./returned-problem";
import { enter, useSessionQuery } from "./session";

/**
 * Login and password, or one of the installation's providers; then the code of who has a second factor, where the
 * browser is not trusted.
 */
export function SignIn() {
  const { t } = useTranslation();
  usePageTitle(t("signIn.title"));
  const here: { from?: unknown; login?: unknown } | null = useLocation().state;
  const from = typeof here?.from === "string" ? here.from : "/";
  const chosen = typeof here?.login === "string" ? here.login : null;
  const [codeAsked, setCodeAsked] = useState(false);
  const form = useForm({ initialValues: { login: chosen ?? "", password: "", code: "", trust: false } });
  const { data: session } = useSessionQuery();
  const [parameters] = useSearchParams();
  const signIn = useMutation({
    mutationFn: ({ login, password, code, trust }: typeof form.values) =>
      answered(
        api.POST("/api/v1/session", {
          body: { login, password, ...(codeAsked && { second_factor: code, trust_device: trust }) },
        }),
      ),
    onSuccess: enter,
    onError: (error) => {
      form.setFieldValue("code", "");
      const code = error instanceof Problem ? error.code : "";
      if (code === "second_factor_required") setCodeAsked(true);
      else if (code === "sign_in_failed") startAgain();
    },
  });
  const startAgain = () => {
    setCodeAsked(false);
    form.setFieldValue("password", "");
  };
  const problem = signIn.isIdle ? returnedProblem(parameters) : signIn.error;
  if (session != null) return <Navigate to={from} replace />;
  const justAsked = signIn.error instanceof Problem && signIn.error.code === "second_factor_required";
  return (
    <OutsidePage title={t("signIn.title")} {...(codeAsked && { about: t("secondFactor.signInAbout") })}>
      <form onSubmit={form.onSubmit((typed) => signIn.mutate(typed))}>
        <Stack gap="md">
          {chosen !== null && problem === null && (
            <Alert color="teal" variant="light" role="status" p="sm">
              {t("signIn.chosen")}
            </Alert>
          )}
          {!justAsked && <ProblemAlert error={problem} />}
          {codeAsked ? (
            <>
              <CodeField size="md" autoFocus {...form.getInputProps("code")} />
              <Checkbox
                label={t("secondFactor.trust")}
                description={t("secondFactor.trustAbout")}
                {...form.getInputProps("trust", { type: "checkbox" })}
              />
            </>
          ) : (
            <>
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
            </>
          )}
          <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
            {t("signIn.submit")}
          </Button>
          {codeAsked && (
            <Button
              variant="subtle"
              color="gray"
              fullWidth
              onClick={() => {
                startAgain();
                signIn.reset();
              }}
            >
              {t("secondFactor.back")}
            </Button>
          )}
        </Stack>
      </form>
      {!codeAsked && <Providers />}
    </OutsidePage>
  );
}
