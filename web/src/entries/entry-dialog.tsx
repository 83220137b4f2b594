import { Button, Center, Modal, ScrollArea, Skeleton, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { EntryCard, ImageView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useSite } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { add } from "./curating";
import { useEntries } from "./entries";
import classes from "./entry-dialog.module.css";
import { usePreview } from "./previews";
import { holds } from "./wishes";
import { useWords } from "./words";

interface EntryDialogProps {
  patient: string;
  images: readonly ImageView[];
  onClose: () => void;
}

/** To the workspace of which entry photographs are added: a click, and it is done. */
export function EntryDialog({ patient, images, onClose }: EntryDialogProps) {
  const { t } = useWords();
  const zone = useSite(usePatient(patient).data?.site)?.time_zone;
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useEntries(patient);
  const entries = data?.pages.flatMap((page) => page.entries);
  const choose = (entry: string, when: string) => {
    add(patient, entry, images, t("workspace.addedTo", { count: images.length, when }));
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("workspace.chooseTitle", { count: images.length })}
      scrollAreaComponent={ScrollArea.Autosize}
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      {entries === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {entries === undefined && error === null && <Skeleton h={120} />}
      {entries?.length === 0 && (
        <Stack align="center" py="sm" ta="center">
          <Text>{t("workspace.noEntries")}</Text>
          <Button component={Link} to={`/patients/${patient}/entries`} variant="default">
            {t("translation:frame.places.entries")}
          </Button>
        </Stack>
      )}
      {entries !== undefined && entries.length > 0 && (
        <ul className={classes.entries}>
          {entries.map((entry, place) => (
            <Choice
              key={entry.id}
              patient={patient}
              entry={entry}
              images={images}
              timeZone={zone}
              first={place === 0}
              onChoose={(when) => choose(entry.id, when)}
            />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Center mt="sm">
          <Button variant="subtle" color="gray" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("more")}
          </Button>
        </Center>
      )}
    </Modal>
  );
}

interface ChoiceProps {
  patient: string;
  entry: EntryCard;
  images: readonly ImageView[];
  timeZone: string | undefined;
  /** Whether the dialog begins with it. */
  first: boolean;
  onChoose: (when: string) => void;
}

function Choice({ patient, entry, images, timeZone, first, onChoose }: ChoiceProps) {
  const { t } = useWords();
  const preview = usePreview(patient, entry.id);
  const when = formatInstant(entry.appointment, timeZone);
  const all = images.every((image) => holds(entry.id, image));
  return (
    <li>
      <Button
        variant="default"
        fullWidth
        justify="space-between"
        disabled={all}
        data-autofocus={first || undefined}
        autoFocus={first} // where the entries come after the dialog
        rightSection={
          <Text span size="sm" c="dimmed">
            {all
              ? t("workspace.holdsAll", { count: images.length })
              : t("workspace.count", { count: preview?.total ?? 0 })}
          </Text>
        }
        onClick={() => onChoose(when)}
      >
        {when}
      </Button>
    </li>
  );
}
