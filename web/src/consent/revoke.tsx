import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ProblemAlert } from "../forms/problem-alert";
import { tell } from "../ui/tell";
import { revokeConsent } from "./consent";
import { useWords } from "./words";

/** Takes the consent in force back, with a reason (CON-6). */
export function Revoke({ patient }: { patient: string }) {
  const { t } = useWords();
  const [asking, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="light" color="red" onClick={open}>
        {t("revoke.label")}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={t("revoke.title")}
        closeButtonProps={{ "aria-label": t("translation:ui.close") }}
      >
        <Reason patient={patient} onDone={close} />
      </Modal>
    </>
  );
}

function Reason({ patient, onDone }: { patient: string; onDone: () => void }) {
  const { t } = useWords();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const revoking = useMutation({
    mutationFn: () => revokeConsent(patient, reason.trim(), key),
    onSuccess: () => {
      tell({ color: "teal", message: t("revoke.revoked") });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === "");
    if (reason.trim() !== "") revoking.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text>{t("revoke.about")}</Text>
        <Textarea
          label={t("revoke.reason")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={missing ? t("revoke.reasonNeeded") : undefined}
          autosize
          minRows={2}
          maxLength={2000}
          data-autofocus
        />
        <ProblemAlert error={revoking.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("translation:ui.cancel")}
          </Button>
          <Button type="submit" color="red" loading={revoking.isPending}>
            {t("revoke.label")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
