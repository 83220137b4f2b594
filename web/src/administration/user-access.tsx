import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { UserView } from "../api/schema";
import { useSession } from "../session/session";
import { Effect } from "../ui/effect";
import { ProblemAlert } from "../ui/problem-alert";
import { tell, tellProblem } from "../ui/tell";
import { PasswordLink } from "./password-link";
import { makeLink, setDisabled } from "./users";

/** How somebody comes in, and how they are shut out; apart from all else, and last. */
export function UserAccess({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const own = useSession().user === user.id;
  return (
    <Stack component="section" gap="lg">
      <Title order={2}>{t("administration.access.title")}</Title>
      {user.state !== "disabled" && <NewLink user={user} />}
      {!own && (user.state === "disabled" ? <Enable user={user} /> : <Disable user={user} />)}
    </Stack>
  );
}

function NewLink({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const make = useMutation({ mutationFn: () => makeLink(user), onError: tellProblem, gcTime: 0 });
  const name = user.display_name;
  return (
    <Effect about={t("administration.access.linkAbout", { name })}>
      <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
        {t("administration.access.link")}
      </Button>
      <Modal
        opened={make.data !== undefined}
        onClose={make.reset}
        closeOnClickOutside={false}
        size="lg"
        title={t("administration.link.title", { name })}
        closeButtonProps={{ "aria-label": t("ui.close") }}
      >
        {make.data !== undefined && <PasswordLink link={make.data} name={name} />}
      </Modal>
    </Effect>
  );
}

function Disable({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const [asking, { open, close }] = useDisclosure();
  const name = user.display_name;
  const disable = useMutation({
    mutationFn: () => setDisabled(user, true),
    onSuccess: () => {
      close();
      tell({ color: "teal", message: t("administration.access.disabled", { name }) });
    },
  });
  const leave = () => {
    close();
    disable.reset();
  };
  return (
    <Effect about={t("administration.access.disableAbout")}>
      <Button variant="light" color="red" onClick={open}>
        {t("administration.access.disable")}
      </Button>
      <Modal
        opened={asking}
        onClose={leave}
        title={t("administration.access.disableTitle", { name })}
        closeButtonProps={{ "aria-label": t("ui.close") }}
      >
        <Stack gap="md">
          <Text>{t("administration.access.disableEffect", { name })}</Text>
          <ProblemAlert error={disable.error} />
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={leave}>
              {t("ui.cancel")}
            </Button>
            <Button color="red" loading={disable.isPending} onClick={() => disable.mutate()}>
              {t("administration.access.disable")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Effect>
  );
}

function Enable({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const enable = useMutation({
    mutationFn: () => setDisabled(user, false),
    onSuccess: ({ display_name: name }) =>
      tell({ color: "teal", message: t("administration.access.enabled", { name }) }),
    onError: tellProblem,
  });
  return (
    <Effect about={t("administration.access.enableAbout")}>
      <Button variant="default" loading={enable.isPending} onClick={() => enable.mutate()}>
        {t("administration.access.enable")}
      </Button>
    </Effect>
  );
}
