import { Box, Button, Drawer, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImageView } from "../api/schema";
import { ImageEntries } from "../entries/image-entries";
import { PatientBanner } from "../patients/banner";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { TagFacts } from "../tags/image-tags";
import { formatBytes } from "../ui/bytes";
import { part } from "../ui/part";
import { originalAddress, rotatedAddress } from "../viewer/sources";
import { Changes } from "./changes";
import classes from "./drawer.module.css";
import { formatName } from "./facts";
import { Preview } from "./preview";
import { CameraFacts, FileFacts, IntegrityFacts, RecordFacts } from "./sections";

const Move = lazy(part(async () => ({ default: (await import("../moving/move")).Move })));

interface PropertiesDrawerProps {
  patient: string;
  image: ImageView;
  opened: boolean;
  onClose: () => void;
}

/** Everything that is known of a photograph, and its original to take away (POOL-12, POOL-14). */
export function PropertiesDrawer({ patient, image, opened, onClose }: PropertiesDrawerProps) {
  const { t, i18n } = useTranslation();
  const record = usePatient(patient).data;
  const mayChange = useMayContribute(record);
  const [moving, setMoving] = useState(false);
  const [dating, setDating] = useState(false);
  const asking = moving || dating;
  useHotkeys(opened && !asking ? [["i", onClose]] : []);
  useFocusBack(opened);
  const kind = [formatName(image.media_type), formatBytes(image.bytes, i18n.language)].filter(Boolean).join(" · ");
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      closeOnEscape={!asking}
      trapFocus={!asking}
      position="right"
      size="min(100vw, 420px)"
      lockScroll={false}
      classNames={{ content: classes.content }}
    >
      <Drawer.Overlay backgroundOpacity={0} />
      <Drawer.Content shadow="md">
        {/* on a phone the drawer would hide whose photograph it is (PAT-7) */}
        <Box hiddenFrom="sm">
          <PatientBanner patient={record} />
        </Box>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{t("properties.title")}</Drawer.Title>
          <Drawer.CloseButton aria-label={t("properties.close")} />
        </div>
        <div className={classes.facts} key={image.id}>
          <Preview image={image} />
          <Changes patient={patient} image={image} mayChange={mayChange} dating={dating} onDating={setDating} />
          <TagFacts image={image} />
          <FileFacts image={image} />
          <RecordFacts image={image} />
          <ImageEntries patient={patient} image={image} />
          <CameraFacts image={image} />
          <IntegrityFacts image={image} />
          <Suspense>
            <Move patient={patient} image={image} asking={moving} onAsking={setMoving} />
          </Suspense>
        </div>
        {image.state !== "rejected" && (
          <div className={classes.foot}>
            <Button
              component="a"
              href={originalAddress(image)}
              download
              fullWidth
              leftSection={<IconDownload size={18} stroke={1.7} />}
            >
              {t("properties.download")}
            </Button>
            {image.rotation !== 0 && (
              <Button component="a" href={rotatedAddress(image)} download fullWidth variant="default" mt="xs">
                {t("properties.downloadRotated")}
              </Button>
            )}
            <Text size="xs" c="dimmed" ta="center">
              {kind}
            </Text>
          </div>
        )}
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** The focus goes back to where it was, also when the drawer is taken out of the page rather than closed. */
function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      });
    };
  }, [opened]);
}
