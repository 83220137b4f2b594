import { ActionIcon, Button, Group, Menu, SegmentedControl } from "@mantine/core";
import { IconArrowsSort, IconDots, IconFold, IconLayoutList } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Direction } from "./groups";

interface ViewOptionsProps {
  direction: Direction;
  onDirection: (direction: Direction) => void;
  onExpand: () => void;
  onCollapse: () => void;
}

/** Order and folding; behind one button where there is little room. */
export const ViewOptions = memo(function ViewOptions({
  direction,
  onDirection,
  onExpand,
  onCollapse,
}: ViewOptionsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Group gap="xs" visibleFrom="md" wrap="nowrap">
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
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} hiddenFrom="md" aria-label={t("pool.options")}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArrowsSort size={16} />}
            onClick={() => onDirection(direction === "newest" ? "oldest" : "newest")}
          >
            {t(`pool.sort.${direction === "newest" ? "oldest" : "newest"}`)}
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
