import { Button } from "@mantine/core";
import { IconBookmark, IconBookmarkFilled, IconBookmarkOff, IconPlus, IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import type { ImageView } from "../api/schema";
import type { PoolExtras } from "../pool/extras";
import { TileAction } from "../pool/tile-action";
import { Control } from "../viewer/control";
import { toggle } from "./curating";
import { holds, toggling } from "./wishes";
import { useWords } from "./words";
import classes from "./workspace-extras.module.css";

interface Workspace {
  patient: string;
  entry: string;
}

/** What the workspace of an entry adds to photographs: "+" and "X", together and by key, for who may (WRK-1). `marked`:
 * those that it holds are among others.
 */
export function useWorkspaceExtras({ patient, entry }: Workspace, mayTreat: boolean, marked: boolean): PoolExtras {
  return useMemo(() => {
    const look: PoolExtras = marked ? { marks: (image) => holds(entry, image) && <Mark /> } : {};
    if (!mayTreat) return look;
    const choose = (images: readonly ImageView[]) => toggle(patient, entry, images);
    return {
      ...look,
      corner: (image, { when, tabIndex }) => (
        <Toggle there={holds(entry, image)} when={when} tabIndex={tabIndex} onToggle={() => choose([image])} />
      ),
      // where nothing else is shown, what left would have to leave the viewer, too
      ...(marked && {
        viewing: (image) => <ViewedToggle there={holds(entry, image)} onToggle={() => choose([image])} />,
      }),
      bulk: (images) => <ToggleAll entry={entry} images={images} onToggle={() => choose(images)} />,
      choose,
    };
  }, [patient, entry, mayTreat, marked]);
}

/** That a photograph is in the workspace. */
function Mark() {
  const { t } = useWords();
  return (
    <span role="img" className={classes.mark} aria-label={t("workspace.there")} title={t("workspace.there")}>
      <IconBookmarkFilled size={15} aria-hidden />
    </span>
  );
}

interface ToggleProps {
  there: boolean;
  when: string;
  tabIndex: 0 | -1;
  onToggle: () => void;
}

function Toggle({ there, when, tabIndex, onToggle }: ToggleProps) {
  const { t } = useWords();
  const Icon = there ? IconX : IconPlus;
  return (
    <TileAction
      title={t(there ? "workspace.remove" : "workspace.add")}
      label={t(there ? "workspace.removeOf" : "workspace.addOf", { when })}
      tabIndex={tabIndex}
      onClick={onToggle}
    >
      <Icon size={18} stroke={2.2} />
    </TileAction>
  );
}

function ViewedToggle({ there, onToggle }: Pick<ToggleProps, "there" | "onToggle">) {
  const { t } = useWords();
  const Icon = there ? IconBookmarkFilled : IconBookmark;
  return (
    <Control label={t(there ? "workspace.remove" : "workspace.add")} keys="W" onClick={onToggle}>
      <Icon size={20} stroke={1.7} />
    </Control>
  );
}

interface ToggleAllProps {
  entry: string;
  images: readonly ImageView[];
  onToggle: () => void;
}

function ToggleAll({ entry, images, onToggle }: ToggleAllProps) {
  const { t } = useWords();
  const adds = toggling(entry, images)[0]?.wanted ?? true;
  const Icon = adds ? IconBookmark : IconBookmarkOff;
  return (
    <Button size="sm" variant="default" leftSection={<Icon size={16} stroke={1.7} />} onClick={onToggle}>
      {t(adds ? "workspace.add" : "workspace.remove")}
    </Button>
  );
}
