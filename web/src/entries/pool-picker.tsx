import { Button, Group, Modal, Skeleton, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { usePool } from "../pool/pool";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { renditionAddress } from "../viewer/sources";
import { useWords } from "./words";
import classes from "./workspace-section.module.css";

/** What the server takes. */
const AT_ONCE = 200;
const SHOWN = 60;

interface PoolPickerProps {
  patient: string;
  chosen: readonly string[];
  timeZone: string | undefined;
  onClose: () => void;
  onAdd: (images: string[]) => void;
}

/** Photographs of the pool to add to a workspace; what it holds already is marked. */
export function PoolPicker({ patient, chosen, timeZone, onClose, onAdd }: PoolPickerProps) {
  const { t } = useWords();
  const { data: pool, error, refetch } = usePool(patient);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(SHOWN);
  const ready = useMemo(
    () =>
      [...(pool?.images.values() ?? [])]
        .filter(({ state }) => state === "ready")
        .sort((a, b) => (a.place < b.place ? 1 : -1)),
    [pool],
  );
  const toggle = (image: string) => {
    const now = new Set(picked);
    if (!now.delete(image)) now.add(image);
    setPicked(now);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("workspace.add")}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      {pool === undefined &&
        (error === null ? <Skeleton h={240} /> : <ErrorState error={error} onRetry={() => void refetch()} />)}
      {pool?.complete === true && ready.length === 0 && <Text c="dimmed">{t("workspace.emptyPool")}</Text>}
      <ul className={classes.grid} aria-label={t("translation:frame.places.pool")}>
        {ready.slice(0, shown).map((image) => {
          const already = chosen.includes(image.id);
          const when = formatInstant(image.effective_at, timeZone);
          return (
            <li key={image.id} className={classes.tile}>
              <button
                type="button"
                className={classes.choice}
                aria-pressed={already || picked.has(image.id)}
                aria-label={t(already ? "workspace.chosen" : "workspace.photograph", { when })}
                disabled={already}
                onClick={() => toggle(image.id)}
              >
                <img src={renditionAddress(image, 320)} alt="" decoding="async" loading="lazy" />
              </button>
              {(already || picked.has(image.id)) && (
                <span className={`${classes.pick} ${classes.chosen}`}>
                  <IconCheck size={17} stroke={2.2} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <Group justify="space-between" mt="md">
        {ready.length > shown ? (
          <Button variant="subtle" color="gray" onClick={() => setShown(shown + SHOWN)}>
            {t("workspace.showMore")}
          </Button>
        ) : (
          <span />
        )}
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("workspace.cancel")}
          </Button>
          <Button
            disabled={picked.size === 0 || picked.size > AT_ONCE}
            onClick={() => {
              onAdd([...picked]);
              onClose();
            }}
          >
            {t("workspace.addChosen", { count: picked.size })}
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}
