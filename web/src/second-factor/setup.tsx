import { Anchor, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SecondFactorSetupView } from "../api/schema";
import { PasswordField } from "../session/password-field";
import { CodeField } from "./code-field";
import { ProofProblem } from "./proof-problem";
import { QrCode } from "./qr-code";
import { RecoveryCodes } from "./recovery-codes";
import { confirmSetup, prepare } from "./second-factor";

/** Password, then the secret in the app, then a code of it, then the recovery codes (ORG-4). */
export function SecondFactorSetup({ onDone }: { onDone: () => void }) {
  const prepared = useMutation({ mutationFn: prepare, gcTime: 0 });
  const confirmed = useMutation({ mutationFn: confirmSetup, gcTime: 0 });
  if (confirmed.data !== undefined) return <RecoveryCodes codes={confirmed.data.codes} onDone={onDone} />;
  if (prepared.data === undefined) {
    return <AskPassword pending={prepared.isPending} error={prepared.error} onPassword={prepared.mutate} />;
  }
  return (
    <Confirmation
      setup={prepared.data}
      pending={confirmed.isPending}
      error={confirmed.error}
      onCode={confirmed.mutate}
    />
  );
}

interface StepProps {
  pending: boolean;
  error: unknown;
}

function AskPassword({ pending, error, onPassword }: StepProps & { onPassword: (password: string) => void }) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { password: "" } });
  return (
    <form onSubmit={form.onSubmit(({ password }) => onPassword(password))}>
      <Stack gap="md">
        <Text size="sm">{t("secondFactor.needs")}</Text>
        <ProofProblem error={error} />
        <PasswordField
          label={t("password.own")}
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps("password")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={pending}>
            {t("secondFactor.next")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ConfirmationProps extends StepProps {
  setup: SecondFactorSetupView;
  onCode: (code: string) => void;
}

function Confirmation({ setup, pending, error, onCode }: ConfirmationProps) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { code: "" } });
  return (
    <form onSubmit={form.onSubmit(({ code }) => onCode(code))}>
      <Stack gap="md">
        <Text size="sm">{t("secondFactor.scan")}</Text>
        <Group justify="center">
          <QrCode svg={setup.qr_svg} />
        </Group>
        <Anchor href={setup.uri} size="sm" ta="center" hiddenFrom="sm">
          {t("secondFactor.openApp")}
        </Anchor>
        <Text size="sm">
          {t("secondFactor.type")}{" "}
          <Code style={{ overflowWrap: "anywhere" }}>{setup.secret.match(/.{1,4}/g)?.join(" ")}</Code>
        </Text>
        <ProofProblem error={error} />
        <CodeField appOnly autoFocus {...form.getInputProps("code")} />
        <Group justify="flex-end">
          <Button type="submit" loading={pending}>
            {t("secondFactor.confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
