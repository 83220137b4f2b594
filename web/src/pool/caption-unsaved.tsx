import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useSayProblem } from "../ui/say-problem";
import classes from "./caption-field.module.css";
import { draftOf, useCaptionDraft } from "./captions";
import { useWords } from "./words";

/** Why a caption is not saved, and what becomes of it: nothing is lost until somebody says so. */
export function CaptionUnsaved({ image, onClose }: { image: string; onClose: () => void }) {
  const { t } = useWords();
  const say = useSayProblem();
  const draft = useCaptionDraft(image);
  const settled = draft === null;
  useEffect(() => {
    if (settled) onClose();
  }, [settled, onClose]);
  if (settled) return null;
  const { text, theirs, problem } = draft;
  const close = { "aria-label": t("translation:ui.close") };
  if (theirs === null) {
    return (
      <Modal opened onClose={onClose} title={t("caption.notSaved")} closeButtonProps={close}>
        <Stack gap="md">
          {problem instanceof Error && <Text>{say(problem)}</Text>}
          <Version label={t("caption.yours")} text={text} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => draftOf(image)?.discard()}>
              {t("caption.discard")}
            </Button>
            <Button onClick={() => draftOf(image)?.again()}>{t("translation:pool.retry")}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  const both = `${theirs.caption} ${text}`.trim();
  return (
    <Modal opened onClose={onClose} title={t("caption.twoVersions")} closeButtonProps={close}>
      <Stack gap="md">
        <Text>{t("caption.clash")}</Text>
        <Version label={t("caption.theirs")} text={theirs.caption} />
        <Version label={t("caption.yours")} text={text} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => draftOf(image)?.decide(theirs.caption)}>
            {t("caption.keepTheirs")}
          </Button>
          {both.length <= 1000 && (
            <Button variant="default" onClick={() => draftOf(image)?.decide(both)}>
              {t("caption.keepBoth")}
            </Button>
          )}
          <Button onClick={() => draftOf(image)?.decide(text)}>{t("caption.keepYours")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Version({ label, text }: { label: string; text: string }) {
  const { t } = useWords();
  return (
    <div className={classes.version}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      {text === "" ? <Text c="dimmed">{t("caption.none")}</Text> : <bdi>{text}</bdi>}
    </div>
  );
}
