import { Button, Modal, Stack, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { UserView } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { Effect } from "../forms/effect";
import { useSession } from "../session/session";
import { tell, tellProblem } from "../ui/tell";
import { useRefocus } from "../ui/use-refocus";
import { PasswordLink } from "./password-link";
import { makeLink, resetSecondFactor, setDisabled } from "./users";

/** How somebody comes in, and how they are shut out; apart from all else, and last. */
export function UserAccess({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const own = useSession().user === user.id;
  const refocused = useRefocus<HTMLHeadingElement>(user.state);
  return (
    <Stack component="section" gap="lg">
      <Title order={2} tabIndex={-1} ref={refocused}>
        {t("administration.access.title")}
      </Title>
      {user.state !== "disabled" && <NewLink user={user} />}
      {!own && user.state === "active" && <ResetSecondFactor user={user} />}
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

function ResetSecondFactor({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const name = user.display_name;
  return (
    <Effect about={t("administration.access.resetAbout")}>
      <Confirm
        label={t("administration.access.reset")}
        title={t("administration.access.resetTitle", { name })}
        effect={t("administration.access.resetEffect", { name })}
        act={() => resetSecondFactor(user)}
        onDone={() => tell({ color: "teal", message: t("administration.access.resetDone", { name }) })}
      />
    </Effect>
  );
}

function Disable({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const name = user.display_name;
  return (
    <Effect about={t("administration.access.disableAbout")}>
      <Confirm
        label={t("administration.access.disable")}
        title={t("administration.access.disableTitle", { name })}
        effect={t("administration.access.disableEffect", { name })}
        act={() => setDisabled(user, true)}
        onDone={() => tell({ color: "teal", message: t("administration.access.disabled", { name }) })}
      />
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
