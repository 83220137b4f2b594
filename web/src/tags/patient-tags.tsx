import { Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTag } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { PatientView } from "../api/schema";
import { useMayContribute } from "../patients/sharing";
import { part } from "../ui/part";
import { byId, inOrder } from "./known";
import { Label } from "./label";
import classes from "./patient-tags.module.css";
import { useCategories } from "./tags";
import { useWords } from "./words";

const SHOWN = 3;
const Drawer = lazy(part(async () => ({ default: (await import("./patient-tags-drawer")).PatientTagsDrawer })));

/** The first tags of a patient, in the banner; a click shows all of them, and lets those change them who may. */
export function PatientTags({ patient }: { patient: PatientView }) {
  const { t } = useWords();
  const [opened, { open, close }] = useDisclosure();
  const categories = useCategories(patient.site);
  const mayChange = useMayContribute(patient);
  const ids = patient.tags ?? [];
  if (categories === undefined || (ids.length === 0 && !mayChange)) return null;
  const tags = inOrder(byId(categories), ids);
  const shown = tags.slice(0, SHOWN);
  return (
    <>
      <button type="button" className={classes.button} aria-haspopup="dialog" aria-expanded={opened} onClick={open}>
        <IconTag size={17} stroke={1.7} aria-hidden />
        <VisuallyHidden>
          {t("ofPatient")}: {shown.length === 0 && t("none")}
        </VisuallyHidden>
        <span className={classes.shown}>
          {shown.map((tag) => (
            <Label key={tag.id} {...tag} />
          ))}
        </span>
        {tags.length > SHOWN && (
          <Text component="span" size="sm" c="dimmed" visibleFrom="sm">
            {t("moreShort", { count: tags.length - SHOWN })}
          </Text>
        )}
        {tags.length > 1 && (
          <Text component="span" size="sm" c="dimmed" hiddenFrom="sm">
            {t("moreShort", { count: tags.length - 1 })}
          </Text>
        )}
      </button>
      {opened && (
        <Suspense>
          <Drawer patient={patient} mayChange={mayChange} categories={categories} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
