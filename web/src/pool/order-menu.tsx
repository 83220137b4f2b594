import { Menu } from "@mantine/core";
import { IconArrowBarToLeft, IconArrowBarToRight, IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { forwardRef, useId } from "react";
import classes from "./grid.module.css";
import type { Way } from "./keys";
import { useWords } from "./words";

const WAYS = [
  ["left", IconArrowLeft],
  ["right", IconArrowRight],
  ["first", IconArrowBarToLeft],
  ["last", IconArrowBarToRight],
] as const;

interface OrderMenuProps {
  /** The grip that was clicked. */
  grip: HTMLElement;
  index: number;
  count: number;
  onMove: (way: Way) => void;
  onClose: () => void;
}

/** Another place among the photographs of the date, without dragging. */
export function OrderMenu({ grip, index, count, onMove, onClose }: OrderMenuProps) {
  const { t } = useWords();
  const id = useId();
  const { left, top, width, height } = grip.getBoundingClientRect();
  const close = () => {
    onClose();
    grip.focus();
  };
  return (
    <Menu
      id={id}
      opened
      onClose={close}
      returnFocus={false}
      position="bottom-end"
      floatingStrategy="fixed"
      trapFocus
      withinPortal={false}
    >
      <Menu.Target>
        <Where id={`${id}-target`} left={left} top={top} width={width} height={height} says={t("order.title")} />
      </Menu.Target>
      <Menu.Dropdown>
        {WAYS.map(([way, Icon]) => (
          <Menu.Item
            key={way}
            leftSection={<Icon size={16} stroke={1.7} />}
            disabled={way === "left" || way === "first" ? index <= 0 : index >= count - 1}
            onClick={() => onMove(way)}
          >
            {t(`order.${way}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface WhereProps {
  id: string;
  left: number;
  top: number;
  width: number;
  height: number;
  says: string;
}

/** The grip's place, which the menu opens at: a grip itself may leave the page, the menu may not. */
const Where = forwardRef<HTMLSpanElement, WhereProps>(function Where({ id, says, left, top, width, height }, ref) {
  return (
    <span ref={ref} id={id} className={classes.where} style={{ left, top, width, height }}>
      {says}
    </span>
  );
});
