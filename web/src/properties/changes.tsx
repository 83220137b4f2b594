import { Button, Group, Stack } from "@mantine/core";
import { IconCalendar, IconRotateClockwise } from "@tabler/icons-react";
import type { ImageView } from "../api/schema";
import { CaptionField } from "../pool/caption-field";
import { DatingDialog } from "../pool/dating-dialog";
import { rotate } from "../pool/rotate";
import { useWords } from "../pool/words";
import { useSite } from "../session/session";

interface ChangesProps {
  patient: string;
  image: ImageView;
  mayChange: boolean;
  /** Whether the dialog of the date is open, which is not the drawer's own. */
  dating: boolean;
  onDating: (dating: boolean) => void;
}

/** What people say and decide of a photograph: its caption, how it stands, its date (POOL-5, POOL-11, POOL-13). */
export function Changes({ patient, image, mayChange, dating, onDating }: ChangesProps) {
  const { t } = useWords();
  const zone = useSite(image.site)?.time_zone;
  return (
    <Stack gap="sm" mt="md">
      <CaptionField image={image} size="panel" readOnly={!mayChange} />
      {mayChange && (
        <Group gap="xs">
          <Button
            size="sm"
            variant="default"
            leftSection={<IconRotateClockwise size={16} stroke={1.7} />}
            disabled={image.state !== "ready"}
            onClick={() => void rotate(image)}
          >
            {t("rotate")}
          </Button>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconCalendar size={16} stroke={1.7} />}
            disabled={zone === undefined}
            onClick={() => onDating(true)}
          >
            {t("selection.date")}
          </Button>
        </Group>
      )}
      {dating && zone !== undefined && (
        <DatingDialog patient={patient} images={[image]} timeZone={zone} onClose={() => onDating(false)} />
      )}
    </Stack>
  );
}
