import { Avatar, Box, Kbd, Menu, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { usePrefer } from "../preferences/preferences";
import { signOut, useSession } from "../session/session";
import { askForHelp } from "../shortcuts/ask";
import { LanguageChoice } from "../ui/language-choice";
import { tellProblem } from "../ui/tell";
import { ThemeChoice } from "../ui/theme-choice";
import { ACCOUNT } from "./places";
import classes from "./user-menu.module.css";

/** Who is signed in; how the interface looks; the way out. */
export function UserMenu({ icons }: { icons: boolean }) {
  const { t } = useTranslation();
  const session = useSession();
  const prefer = usePrefer();
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
          <ThemeChoice fullWidth onChoose={(theme) => prefer({ theme })} />
          <LanguageChoice onChoose={(language) => prefer({ language })} />
        </Stack>
        <Menu.Divider />
        <Menu.Item component={Link} to={ACCOUNT.to} leftSection={<ACCOUNT.icon size={16} />}>
          {t("frame.places.account")}
        </Menu.Item>
        <Menu.Item
          visibleFrom="sm"
          leftSection={<IconKeyboard size={16} />}
          rightSection={<Kbd size="xs">?</Kbd>}
          onClick={() => askForHelp()}
        >
          {t("frame.commands.shortcuts")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut().catch(tellProblem)}>
          {t("frame.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
