import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useSearchParams } from "react-router";
import { answered, api } from "../api/client";
import { usePageTitle } from "../ui/page-title";
import { useSayProblem } from "../ui/say-problem";
import { OutsidePage } from "./outside-page";
import { PasswordField } from "./password-field";
import { Providers } from "./providers";
import { returnedProblem } from "./returned-problem";
import { enter, useSessionQuery } from "./session";

/** Login and password, or one of the installation's providers. */
export function SignIn() {
  const { t } = useTranslation();
  const say = useSayProblem();
  usePageTitle(t("signIn.title"));
  const form = useForm({ initialValues: { login: "", password: "" } });
  const { data: session } = useSessionQuery();
  const [parameters] = useSearchParams();
  const from: unknown = useLocation().state?.from;
  const signIn = useMutation({
    mutationFn: (typed: typeof form.values) => answered(api.POST("/api/v1/session", { body: typed })),
    onSuccess: enter,
    onError: () => form.setFieldValue("password", ""),
  });
  const problem = signIn.isIdle ? returnedProblem(parameters) : signIn.error;
  if (session != null) return <Navigate to={typeof from === "string" ? from : "/patients"} replace />;
  return (
    <OutsidePage title={t("signIn.title")}>
      <form onSubmit={form.onSubmit((typed) => signIn.mutate(typed))}>
        <Stack gap="md">
          {problem !== null && (
            <Alert color="red" variant="light" role="alert" p="sm">
              {say(problem)}
            </Alert>
          )}
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
      <Providers />
    </OutsidePage>
  );
}
