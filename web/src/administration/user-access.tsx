import { Button, Modal, Stack, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { UserView } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { Effect } from "../forms/effect";
import { useSession } from "../session/session";
import { tell, tellProblem } from "../ui/tell";
import { useRefocus } from "../ui/use-refocus";
import { PasswordLink } from "./password-link";
import { makeLink, resetSecondFactor, setDisabled } from "./users";
import { useWords } from "./words";

/** How somebody comes in, and how they are shut out; apart from all else, and last. */
export function UserAccess({ user }: { user: UserView }) {
  const { t } = useWords();
  const own = useSession().user === user.id;
  const refocused = useRefocus<HTMLHeadingElement>(user.state);
  return (
    <Stack component="section" gap="lg">
      <Title order={2} tabIndex={-1} ref={refocused}>
        {t("access.title")}
      </Title>
      {user.state !== "disabled" && <NewLink user={user} />}
      {!own && user.state === "active" && <ResetSecondFactor user={user} />}
      {!own && (user.state === "disabled" ? <Enable user={user} /> : <Disable user={user} />)}
    </Stack>
  );
}

function NewLink({ user }: { user: UserView }) {
  const { t } = useWords();
  const make = useMutation({ mutationFn: () => makeLink(user), onError: tellProblem, gcTime: 0 });
  const name = user.display_name;
  return (
    <Effect about={t("access.linkAbout", { name })}>
      <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
        {t("access.link")}
      </Button>
      <Modal
        opened={make.data !== undefined}
        onClose={make.reset}
        closeOnClickOutside={false}
        size="lg"
        title={t("link.title", { name })}
        closeButtonProps={{ "aria-label": t("translation:ui.close") }}
      >
        {make.data !== undefined && <PasswordLink link={make.data} name={name} />}
      </Modal>
    </Effect>
  );
}

function ResetSecondFactor({ user }: { user: UserView }) {
  const { t } = useWords();
  const name = user.display_name;
  return (
    <Effect about={t("access.resetAbout")}>
      <Confirm
        label={t("access.reset")}
        title={t("access.resetTitle", { name })}
        effect={t("access.resetEffect", { name })}
        act={() => resetSecondFactor(user)}
        onDone={() => tell({ color: "teal", message: t("access.resetDone", { name }) })}
      />
    </Effect>
  );
}

function Disable({ user }: { user: UserView }) {
  const { t } = useWords();
  const name = user.display_name;
  return (
    <Effect about={t("access.disableAbout")}>
      <Confirm
        label={t("access.disable")}
        title={t("access.disableTitle", { name })}
        effect={t("access.disableEffect", { name })}
        act={() => setDisabled(user, true)}
        onDone={() => tell({ color: "teal", message: t("access.disabled", { name }) })}
      />
    </Effect>
  );
}

function Enable({ user }: { user: UserView }) {
  const { t } = useWords();
  const enable = useMutation({
    mutationFn: () => setDisabled(user, false),
    onSuccess: ({ display_name: name }) => tell({ color: "teal", message: t("access.enabled", { name }) }),
    onError: tellProblem,
  });
  return (
    <Effect about={t("access.enableAbout")}>
      <Button variant="default" loading={enable.isPending} onClick={() => enable.mutate()}>
        {t("access.enable")}
      </Button>
    </Effect>
  );
}
