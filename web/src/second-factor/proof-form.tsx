import { Button, Group, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Proof } from "../api/schema";
import { PasswordField } from "../session/password-field";
import { CodeField } from "./code-field";
import { ProofProblem } from "./proof-problem";

interface ProofFormProps<T> {
  effect: string;
  label: string;
  danger?: boolean;
  act: (proof: Proof) => Promise<T>;
  onDone: (answer: T) => void;
}

/** Password and code once more, for what weakens or replaces the second factor. */
export function ProofForm<T>({ effect, label, danger = false, act, onDone }: ProofFormProps<T>) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { current_password: "", second_factor: "" } });
  const doing = useMutation({
    mutationFn: act,
    onSuccess: onDone,
    onError: () => form.setFieldValue("second_factor", ""),
    gcTime: 0,
  });
  return (
    <form onSubmit={form.onSubmit((proof) => doing.mutate(proof))}>
      <Stack gap="md">
        <Text>{effect}</Text>
        <ProofProblem error={doing.error} />
        <PasswordField
          label={t("password.own")}
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps("current_password")}
        />
        <CodeField {...form.getInputProps("second_factor")} />
        <Group justify="flex-end">
          <Button type="submit" loading={doing.isPending} {...(danger && { color: "red" })}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
