import { Button, Group, Modal, Skeleton, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SecondFactorView } from "../api/schema";
import { ProofForm } from "../second-factor/proof-form";
import { RecoveryCodes } from "../second-factor/recovery-codes";
import { remove, renewCodes, useSecondFactor } from "../second-factor/second-factor";
import { SecondFactorSetup } from "../second-factor/setup";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Section } from "../ui/section";
import { tell } from "../ui/tell";

/** A code of a phone beside the password (ORG-4). */
export function SecondFactorSection() {
  const { t } = useTranslation();
  const { data: state, error, refetch } = useSecondFactor();
  const [settingUp, setSettingUp] = useState(false);
  return (
    <Section title={t("secondFactor.title")} about={t("secondFactor.about")} changing={state?.active}>
      {state === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {state === undefined && error === null && <Skeleton h={60} />}
      {state?.active === false && (
        <Group>
          <Button variant="default" onClick={() => setSettingUp(true)}>
            {t("secondFactor.setUp")}
          </Button>
        </Group>
      )}
      {state?.active === true && <Active state={state} />}
      <Dialog title={t("secondFactor.setUp")} opened={settingUp} onClose={() => setSettingUp(false)}>
        <SecondFactorSetup onDone={() => setSettingUp(false)} />
      </Dialog>
    </Section>
  );
}

function Active({ state }: { state: SecondFactorView }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"codes" | "removal" | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => {
    setOpen(null);
    setCodes(null);
  };
  return (
    <>
      <Text>
        {state.since !== null && t("secondFactor.since", { when: formatInstant(state.since, undefined) })}{" "}
        {t("secondFactor.left", { count: state.recovery_codes_left })}
      </Text>
      <Group>
        <Button variant="default" onClick={() => setOpen("codes")}>
          {t("secondFactor.renew")}
        </Button>
        {!state.compulsory && (
          <Button variant="light" color="red" onClick={() => setOpen("removal")}>
            {t("secondFactor.remove")}
          </Button>
        )}
      </Group>
      <Dialog title={t("secondFactor.renew")} opened={open === "codes"} onClose={close}>
        {codes === null ? (
          <ProofForm
            effect={t("secondFactor.renewEffect")}
            label={t("secondFactor.renew")}
            act={renewCodes}
            onDone={(made) => setCodes(made.codes)}
          />
        ) : (
          <RecoveryCodes codes={codes} onDone={close} />
        )}
      </Dialog>
      <Dialog title={t("secondFactor.remove")} opened={open === "removal"} onClose={close}>
        <ProofForm
          danger
          effect={t("secondFactor.removeEffect")}
          label={t("secondFactor.remove")}
          act={remove}
          onDone={() => {
            close();
            tell({ color: "teal", message: t("secondFactor.removed") });
          }}
        />
      </Dialog>
    </>
  );
}

interface DialogProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

function Dialog({ title, opened, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeOnClickOutside={false}
      title={title}
      closeButtonProps={{ "aria-label": t("ui.close") }}
    >
      {children}
    </Modal>
  );
}
