import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconArrowDown,
  IconArrowUp,
  IconDotsVertical,
  IconGripVertical,
  IconPencil,
} from "@tabler/icons-react";
import classes from "./editor.module.css";
import type { useDragOrder } from "./use-drag-order";
import { useWords } from "./words";

interface HandleProps {
  id: string;
  name: string;
  drag: ReturnType<ReturnType<typeof useDragOrder>["handle"]>;
}

/** What a category or a tag is moved by, with the mouse or the arrows. */
export function Handle({ id, name, drag }: HandleProps) {
  const { t } = useWords();
  return (
    <button
      type="button"
      id={handleOf(id)}
      className={classes.handle}
      aria-label={t("editor.drag", { name })}
      {...drag}
    >
      <IconGripVertical size={17} stroke={1.6} />
    </button>
  );
}

/** Put the focus back on the handle of what was moved with it, which the page lets go of meanwhile. */
export function focusHandle(id: string): void {
  requestAnimationFrame(() => document.getElementById(handleOf(id))?.focus());
}

function handleOf(id: string): string {
  return `move-${id}`;
}

interface OptionsProps {
  name: string;
  /** What changing it is called. */
  change: string;
  place: number;
  count: number;
  retired: boolean;
  onChange: () => void;
  onMove: (to: number) => void;
  onRetire: (retired: boolean) => void;
}

/** What can be done with a category or a tag. */
export function Options({ name, change, place, count, retired, onChange, onMove, onRetire }: OptionsProps) {
  const { t } = useWords();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t("editor.options", { name })}>
          <IconDotsVertical size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={17} stroke={1.6} />} onClick={onChange}>
          {change}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowUp size={17} stroke={1.6} />}
          disabled={place === 0}
          onClick={() => onMove(place - 1)}
        >
          {t("editor.up", { name })}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={17} stroke={1.6} />}
          disabled={place === count - 1}
          onClick={() => onMove(place + 1)}
        >
          {t("editor.down", { name })}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={retired ? <IconArchiveOff size={17} stroke={1.6} /> : <IconArchive size={17} stroke={1.6} />}
          onClick={() => onRetire(!retired)}
        >
          {t(retired ? "editor.restore" : "editor.retire", { name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
