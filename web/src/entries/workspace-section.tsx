import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPhotoPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import type { EntryView, ImageView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { useRefocus } from "../ui/use-refocus";
import { renditionAddress } from "../viewer/sources";
import { PoolPicker } from "./pool-picker";
import { useWords } from "./words";
import { useChangeWorkspace, useWorkspace } from "./workspace";
import classes from "./workspace-section.module.css";

interface WorkspaceSectionProps {
  entry: EntryView;
  timeZone: string | undefined;
  mayTreat: boolean;
}

/** The photographs chosen for an entry. */
export function WorkspaceSection({ entry, timeZone, mayTreat }: WorkspaceSectionProps) {
  const { t } = useWords();
  const { data: images, error, refetch } = useWorkspace(entry.patient, entry.id);
  const change = useChangeWorkspace(entry.patient, entry.id);
  const [picking, setPicking] = useState(false);
  const list = useRefocus<HTMLUListElement>(images?.length);
  if (images === undefined) {
    return error === null ? <Skeleton h={120} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const add = mayTreat && (
    <Button variant="default" size="xs" leftSection={<IconPhotoPlus size={16} />} onClick={() => setPicking(true)}>
      {t("workspace.add")}
    </Button>
  );
  return (
    <>
      {images.length === 0 ? (
        <Stack align="center" gap={6} py="lg" ta="center">
          <Title order={3}>{t("workspace.empty")}</Title>
          <Text c="dimmed" maw={420} mb="xs">
            {t("workspace.about")}
          </Text>
          {add}
        </Stack>
      ) : (
        <Stack gap="sm">
          <ul className={classes.grid} aria-label={t("sections.workspace")} ref={list} tabIndex={-1}>
            {images.map((image) => (
              <Photograph
                key={image.id}
                image={image}
                when={formatInstant(image.effective_at, timeZone)}
                onRemove={mayTreat ? () => change.mutate({ remove: [image.id] }) : null}
              />
            ))}
          </ul>
          <Group>{add}</Group>
        </Stack>
      )}
      {picking && (
        <PoolPicker
          patient={entry.patient}
          chosen={images.map(({ id }) => id)}
          timeZone={timeZone}
          onClose={() => setPicking(false)}
          onAdd={(add) => change.mutate({ add })}
        />
      )}
    </>
  );
}

interface PhotographProps {
  image: ImageView;
  when: string;
  onRemove: (() => void) | null;
}

function Photograph({ image, when, onRemove }: PhotographProps) {
  const { t } = useWords();
  return (
    <li className={classes.tile} data-image={image.id}>
      <Link to={`/patients/${image.patient}/pool/${image.id}`} className={classes.open}>
        <img src={renditionAddress(image, 320)} alt={t("workspace.photograph", { when })} decoding="async" />
      </Link>
      {onRemove !== null && (
        <button
          type="button"
          className={classes.remove}
          aria-label={t("workspace.remove", { when })}
          title={t("workspace.remove", { when })}
          onClick={onRemove}
        >
          <IconX size={16} stroke={2} />
        </button>
      )}
    </li>
  );
}
