import { ActionIcon, Button, Group, Menu, SegmentedControl } from "@mantine/core";
import { IconArrowsSort, IconDots, IconFold, IconLayoutList, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Direction } from "./groups";
import { ZOOMS, type Zoom, zoomed } from "./layout";
import { useWords } from "./words";

interface ViewOptionsProps {
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  direction: Direction;
  onDirection: (direction: Direction) => void;
  onExpand: () => void;
  onCollapse: () => void;
}

/** Size, order and folding; behind one button where there is little room. */
export const ViewOptions = memo(function ViewOptions(props: ViewOptionsProps) {
  const { zoom, onZoom, direction, onDirection, onExpand, onCollapse } = props;
  const { t } = useTranslation();
  const { t: w } = useWords();
  const other = direction === "newest" ? "oldest" : "newest";
  return (
    <>
      <Group gap="xs" visibleFrom="lg" wrap="nowrap">
        <SegmentedControl
          size="xs"
          aria-label={w("zoom.label")}
          value={zoom}
          onChange={(value) => onZoom(value as Zoom)}
          data={ZOOMS.map((value) => ({ value, label: w(`zoom.${value}`) }))}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("pool.sort.label")}
          value={direction}
          onChange={(value) => onDirection(value as Direction)}
          data={(["newest", "oldest"] as const).map((value) => ({ value, label: t(`pool.sort.${value}`) }))}
        />
        <Button variant="default" size="xs" onClick={onExpand}>
          {t("pool.expandAll")}
        </Button>
        <Button variant="default" size="xs" onClick={onCollapse}>
          {t("pool.collapseAll")}
        </Button>
      </Group>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} hiddenFrom="lg" aria-label={t("pool.options")}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {([1, -1] as const).map((step) => (
            <Menu.Item
              key={step}
              closeMenuOnClick={false}
              leftSection={step === 1 ? <IconZoomIn size={16} /> : <IconZoomOut size={16} />}
              disabled={zoomed(zoom, step) === zoom}
              onClick={() => onZoom(zoomed(zoom, step))}
            >
              {w(step === 1 ? "zoom.in" : "zoom.out")}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconArrowsSort size={16} />} onClick={() => onDirection(other)}>
            {t(`pool.sort.${other}`)}
          </Menu.Item>
          <Menu.Item leftSection={<IconLayoutList size={16} />} onClick={onExpand}>
            {t("pool.expandAll")}
          </Menu.Item>
          <Menu.Item leftSection={<IconFold size={16} />} onClick={onCollapse}>
            {t("pool.collapseAll")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
});
