import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import i18next from "i18next";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { answerLeaving, useLeaving } from "./leaving";
import { useUnsaved } from "./unsaved";
import en from "./words/en.json";

i18next.addResourceBundle("en", "saving", en);

/** Asks who signs out while something is not saved. Once all is saved meanwhile, there is nothing to ask. */
export function LeaveQuestion() {
  const { t } = useTranslation(["saving", "translation"]);
  const asked = useLeaving();
  const { changes } = useUnsaved();
  const stay = () => answerLeaving(false);
  useEffect(() => {
    if (asked && changes === 0) answerLeaving(true);
  }, [asked, changes]);
  return (
    <Modal
      opened={asked}
      onClose={stay}
      title={t("title")}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      <Stack gap="md">
        <Text>{t("about", { count: changes })}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={stay}>
            {t("stay")}
          </Button>
          <Button color="red" onClick={() => answerLeaving(true)}>
            {t("leave")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
