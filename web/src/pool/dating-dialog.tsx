import { Alert, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ImageView } from "../api/schema";
import { dayOf, today } from "../ui/dates";
import { redate, whyNot } from "./bulk";
import { useWords } from "./words";

const EARLIEST = "1900-01-02";

interface DatingDialogProps {
  patient: string;
  images: readonly ImageView[];
  timeZone: string;
  onClose: () => void;
}

/** Another date for photographs, which keep their times of day (POOL-5, POOL-15). */
export function DatingDialog({ patient, images, timeZone, onClose }: DatingDialogProps) {
  const { t } = useWords();
  const days = new Set(images.map(({ effective_at }) => dayOf(new Date(effective_at), timeZone)));
  const [day, setDay] = useState(() => [...days].toSorted().at(-1) ?? "");
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const latest = today(timeZone);
  const plausible = day >= EARLIEST && day <= latest;
  const apply = async (event: FormEvent) => {
    event.preventDefault();
    if (!plausible) return;
    setWorking(true);
    setError(null);
    try {
      await redate(patient, images, day, timeZone);
      onClose();
    } catch (problem) {
      setError(problem);
      setWorking(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("dating.title", { count: images.length })}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      <form onSubmit={(event) => void apply(event)}>
        <Stack gap="md">
          <TextInput
            type="date"
            label={t("dating.label")}
            description={t("dating.about", { count: images.length, zone: timeZone.replaceAll("_", " ") })}
            value={day}
            min={EARLIEST}
            max={latest}
            required
            withAsterisk={false}
            data-autofocus
            error={!plausible && t("dating.implausible")}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          {error !== null && <Alert color="red">{whyNot(error, images.length)}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("translation:ui.cancel")}
            </Button>
            <Button type="submit" loading={working} disabled={!plausible}>
              {t("dating.apply")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
