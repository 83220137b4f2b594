import { Button, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { Problem } from "../api/problem";
import { ProblemAlert } from "../forms/problem-alert";
import { NewPassword, useNewPasswordRules } from "../session/new-password";
import { PasswordField } from "../session/password-field";
import { useSession } from "../session/session";
import { Section } from "../ui/section";
import { tell } from "../ui/tell";
import { PASSWORD } from "./anchors";
import { useWords } from "./words";

/** Another password of one's own (ORG-3). */
export function ChangePassword() {
  const { t } = useWords();
  const { login } = useSession();
  const form = useForm({ initialValues: { current: "", fresh: "", again: "" }, validate: useNewPasswordRules() });
  const change = useMutation({
    mutationFn: ({ current, fresh }: typeof form.values) =>
      answered(api.PUT("/api/v1/account/password", { body: { current_password: current, new_password: fresh } })),
    onSuccess: () => {
      form.reset();
      tell({ color: "teal", message: t("password.done") });
    },
    onError: (error) => {
      if (!isWrong(error)) return;
      form.setFieldError("current", t("translation:password.wrong"));
      form.getInputNode("current")?.focus();
    },
  });
  return (
    <Section id={PASSWORD} title={t("password.title")} about={t("password.about")}>
      <form onSubmit={form.onSubmit((typed) => change.mutate(typed))}>
        <Stack gap="md" maw={420}>
          <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
          <PasswordField
            label={t("translation:password.own")}
            autoComplete="current-password"
            {...form.getInputProps("current")}
          />
          <NewPassword form={form} />
          {!isWrong(change.error) && <ProblemAlert error={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("password.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof Problem && error.code === "sign_in_failed";
}
