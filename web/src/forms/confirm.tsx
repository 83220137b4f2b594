import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "./problem-alert";

interface ConfirmProps {
  /** What the button says, here and in the question. */
  label: string;
  title: string;
  /** What will happen, and whether it can be undone. */
  effect: string;
  act: () => Promise<unknown>;
  onDone?: () => void;
  size?: "xs" | "sm";
}

/** A button for what ends something: it asks first, and says what will happen. */
export function Confirm({ label, title, effect, act, onDone, size = "sm" }: ConfirmProps) {
  const { t } = useTranslation();
  const [asking, { open, close }] = useDisclosure();
  const doing = useMutation({
    mutationFn: act,
    onSuccess: () => {
      close();
      onDone?.();
    },
  });
  const leave = () => {
    close();
    doing.reset();
  };
  return (
    <>
      <Button variant="light" color="red" size={size} onClick={open}>
        {label}
      </Button>
      <Modal opened={asking} onClose={leave} title={title} closeButtonProps={{ "aria-label": t("ui.close") }}>
        <Stack gap="md">
          <Text>{effect}</Text>
          <ProblemAlert error={doing.error} />
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={leave}>
              {t("ui.cancel")}
            </Button>
            <Button color="red" loading={doing.isPending} onClick={() => doing.mutate()}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
