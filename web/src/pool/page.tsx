import { ActionIcon, Box, Button, Group, Menu, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowsSort, IconDots, IconFold, IconLayoutList } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useParams } from "react-router";
import { usePatient } from "../patients/patient";
import { PropertiesDrawer } from "../properties/drawer";
import { useInstallation } from "../session/installation";
import { useSite } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { usePageTitle } from "../ui/page-title";
import { UploadButton } from "../uploads/button";
import { DropArea } from "../uploads/dropping";
import { useUploads } from "../uploads/uploads";
import { PoolGrid, PoolSkeleton } from "./grid";
import { type Direction, grouped } from "./groups";
import { PoolOrderProvider } from "./order";
import classes from "./page.module.css";
import { usePool } from "./pool";

const MAY_UPLOAD = new Set(["photographer", "clinician", "site_admin"]);

/** All photographs of a patient (POOL-1). */
export function PoolPage() {
  const { t } = useTranslation();
  const { patient: id = "" } = useParams();
  const patient = usePatient(id).data;
  const site = useSite(patient?.site);
  const limits = { bytes: useInstallation()?.upload_limit_bytes ?? Number.POSITIVE_INFINITY };
  const { data: pool, error, refetch } = usePool(id);
  const uploads = useUploads(id);
  const [direction, setDirection] = useLocalStorage<Direction>({
    key: "dermfolio.pool-direction",
    defaultValue: "newest",
    getInitialValueInEffect: false,
  });
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<string | null>(null);
  usePageTitle(t("frame.places.pool"));

  const groups = useMemo(
    () => (pool === undefined ? [] : grouped(pool.images, uploads, site?.time_zone, direction)),
    [pool, uploads, site?.time_zone, direction],
  );
  const order = useMemo(
    () => ({
      ids: groups.flatMap((group) => group.tiles.filter((tile) => tile.image !== undefined).map((tile) => tile.id)),
      image: (wanted: string) => pool?.images.get(wanted),
      complete: pool?.complete ?? false,
    }),
    [groups, pool],
  );
  const mayUpload = site?.roles.some((role) => MAY_UPLOAD.has(role)) ?? false;
  const uploading = { patient: id, limits, disabled: !mayUpload, reason: t("pool.mayNotUpload") };
  const empty = pool?.complete === true && groups.length === 0;
  const image = shown === null ? undefined : pool?.images.get(shown);
  return (
    <PoolOrderProvider value={order}>
      <DropArea {...uploading}>
        <div className={classes.page}>
          <Group className={classes.bar} justify="space-between" wrap="nowrap">
            <Group gap={10} align="baseline" wrap="nowrap" miw={0}>
              <Title order={1} className={classes.title}>
                {t("frame.places.pool")}
              </Title>
              {pool !== undefined && !empty && (
                <Text c="dimmed" size="sm" truncate>
                  {t("pool.count", { count: pool.total })}
                </Text>
              )}
            </Group>
            <Group gap="xs" wrap="nowrap">
              {!empty && (
                <ViewOptions
                  direction={direction}
                  onDirection={setDirection}
                  onExpand={() => setCollapsed(new Set())}
                  onCollapse={() => setCollapsed(new Set(groups.map((group) => group.day)))}
                />
              )}
              <UploadButton {...uploading} />
            </Group>
          </Group>
          {pool === undefined &&
            (error === null ? <PoolSkeleton /> : <ErrorState error={error} onRetry={() => void refetch()} />)}
          {empty && <Empty uploading={uploading} />}
          {groups.length > 0 && (
            <PoolGrid
              groups={groups}
              complete={pool?.complete ?? false}
              collapsed={collapsed}
              onToggle={(day) => setCollapsed((were) => toggled(were, day))}
              onShowProperties={setShown}
              timeZone={site?.time_zone}
            />
          )}
        </div>
      </DropArea>
      {image !== undefined && <PropertiesDrawer patient={id} image={image} opened onClose={() => setShown(null)} />}
      <Outlet />
    </PoolOrderProvider>
  );
}

function toggled(were: ReadonlySet<string>, day: string): ReadonlySet<string> {
  const now = new Set(were);
  if (!now.delete(day)) now.add(day);
  return now;
}

interface ViewOptionsProps {
  direction: Direction;
  onDirection: (direction: Direction) => void;
  onExpand: () => void;
  onCollapse: () => void;
}

function ViewOptions({ direction, onDirection, onExpand, onCollapse }: ViewOptionsProps) {
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
}

type Uploading = Parameters<typeof UploadButton>[0] & { reason: string };

function Empty({ uploading }: { uploading: Uploading }) {
  const { t } = useTranslation();
  return (
    <Stack align="center" justify="center" flex={1} p="xl" ta="center" gap="xs">
      <Box className={classes.frame} aria-hidden />
      <Title order={2}>{t("pool.empty.title")}</Title>
      <Text c="dimmed" maw={420}>
        {uploading.disabled ? uploading.reason : t("pool.empty.hint")}
      </Text>
      <Box mt="sm">
        <UploadButton {...uploading} />
      </Box>
    </Stack>
  );
}
