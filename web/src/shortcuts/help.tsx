import { Kbd, Modal, Title } from "@mantine/core";
import { useState } from "react";
import { askForHelp, useAsked } from "./ask";
import classes from "./help.module.css";
import { SECTIONS } from "./shown";
import { useShortcuts } from "./use-shortcuts";
import { useWords } from "./words";

/** What the keyboard does, shown for `?`. */
export function Shortcuts() {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  useShortcuts(askForHelp);
  useAsked({ help: () => setOpened(true) });
  return (
    <Modal
      opened={opened}
      onClose={() => setOpened(false)}
      title={t("title")}
      size="xl"
      closeButtonProps={{ "aria-label": t("translation:ui.close") }}
    >
      <div className={classes.sections}>
        {SECTIONS.map(({ where, shortcuts }) => (
          <section key={where} className={classes.section}>
            <Title order={3} size="h5" mb={6}>
              {t(`where.${where}`)}
            </Title>
            <dl className={classes.list}>
              {shortcuts.map(({ name, keys }) => (
                <div key={name} className={classes.shortcut}>
                  <dt>{t(`does.${name}`)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
