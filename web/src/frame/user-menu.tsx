import { Avatar, Box, Menu, SegmentedControl, Stack, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { signOut, useSession } from "../session/session";
import { LanguageChoice } from "../ui/language-choice";
import { tellProblem } from "../ui/tell";
import classes from "./user-menu.module.css";

const SCHEMES = ["light", "dark", "auto"] as const;

/** Who is signed in; how the interface looks; the way out. */
export function UserMenu({ icons }: { icons: boolean }) {
  const { t } = useTranslation();
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="right-end" width={252} withinPortal>
      <Menu.Target>
        <UnstyledButton
          className={classes.button}
          {...(icons && { "aria-label": t("frame.account", { name: session.display_name }) })}
        >
          <Avatar
            aria-hidden
            size={30}
            radius="xl"
            color="teal"
            variant="light"
            {...(!icons && { name: session.display_name })}
          />
          {!icons && (
            <Box miw={0}>
              <Text size="sm" fw={550} truncate lh={1.3}>
                <bdi>{session.display_name}</bdi>
              </Text>
              <Text size="xs" c="dimmed" truncate lh={1.3}>
                <bdi>{session.sites.map((s) => s.name).join(", ")}</bdi>
              </Text>
            </Box>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <bdi>{session.login}</bdi>
        </Menu.Label>
        <Stack gap={6} px="xs" pb="xs">
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t("frame.theme.label")}
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as (typeof SCHEMES)[number])}
            data={SCHEMES.map((scheme) => ({ value: scheme, label: t(`frame.theme.${scheme}`) }))}
          />
          <LanguageChoice />
        </Stack>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut().catch(tellProblem)}>
          {t("frame.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
