import { Box, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { UploadButton } from "../uploads/button";
import classes from "./empty.module.css";

/** How one uploads here, and why one may not. */
export type Uploading = Parameters<typeof UploadButton>[0] & { reason: string };

/** A pool without photographs, and how to add the first one (POOL-6). */
export function Empty({ uploading }: { uploading: Uploading }) {
  const { t } = useTranslation();
  return (
    <Stack align="center" justify="center" flex={1} p="xl" ta="center" gap="xs">
      <Box className={classes.frame} aria-hidden />
      <Title order={2}>{t(uploading.disabled ? "pool.empty.none" : "pool.empty.title")}</Title>
      <Text c="dimmed" maw={420}>
        {uploading.disabled ? uploading.reason : t("pool.empty.hint")}
      </Text>
      <Box mt="sm">
        <UploadButton {...uploading} />
      </Box>
    </Stack>
  );
}
