import { Alert, Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLoaderData, useNavigate } from "react-router";
import { answered, api } from "../api/client";
import { Problem } from "../api/problem";
import { ProblemAlert } from "../forms/problem-alert";
import { usePageTitle } from "../ui/page-title";
import { takeLinkToken } from "./link-token";
import { NewPassword, useNewPasswordRules } from "./new-password";
import { OutsidePage } from "./outside-page";
import { signOut, useSessionQuery } from "./session";

/** Where a one-time link leads: its user chooses a password, then signs in (ORG-2). */
export function Welcome() {
  const { t } = useTranslation();
  usePageTitle(t("welcome.title"));
  const token = useLinkToken();
  if (token === null) return <NoGoodLink />;
  return <ChooseByLink key={token} token={token} />;
}

/** The token that the page was opened with, or of another link that was opened over it. */
function useLinkToken(): string | null {
  const [token, setToken] = useState(useLoaderData<string | null>());
  useEffect(() => {
    const another = () => {
      if (location.hash !== "") setToken(takeLinkToken());
    };
    addEventListener("hashchange", another);
    return () => removeEventListener("hashchange", another);
  }, []);
  return token;
}

function ChooseByLink({ token }: { token: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: session } = useSessionQuery();
  const form = useForm({ initialValues: { fresh: "", again: "" }, validate: useNewPasswordRules() });
  const choose = useMutation({
    mutationFn: async ({ fresh }: typeof form.values) => {
      const chosen = await answered(
        api.POST("/api/v1/account/password-by-link", { body: { token, new_password: fresh } }),
      );
      if (session != null) await signOut();
      return chosen;
    },
    onSuccess: ({ login }) => void navigate("/sign-in", { replace: true, state: { login } }),
  });
  if (choose.error instanceof Problem && choose.error.code === "link_not_valid") return <NoGoodLink />;
  return (
    <OutsidePage title={t("welcome.title")} about={t("welcome.about")}>
      <form onSubmit={form.onSubmit((typed) => choose.mutate(typed))}>
        <Stack gap="md">
          {session != null && (
            <Alert color="yellow" variant="light" p="sm">
              {t("welcome.signedIn", { name: session.display_name })}
            </Alert>
          )}
          <ProblemAlert error={choose.error} />
          <NewPassword form={form} />
          <Button type="submit" loading={choose.isPending} fullWidth>
            {t("welcome.submit")}
          </Button>
        </Stack>
      </form>
    </OutsidePage>
  );
}

/** The link was used, replaced, cut off or is too old: said without blame, with what to do. */
function NoGoodLink() {
  const { t } = useTranslation();
  return (
    <OutsidePage title={t("welcome.notValid.title")}>
      <Stack gap="md">
        <Text role="alert">{t("welcome.notValid.about")}</Text>
        <Text c="dimmed" size="sm">
          {t("welcome.notValid.chosen")}
        </Text>
        <Button component={Link} to="/sign-in" variant="default" fullWidth>
          {t("welcome.toSignIn")}
        </Button>
      </Stack>
    </OutsidePage>
  );
}
