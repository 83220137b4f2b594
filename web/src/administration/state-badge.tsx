import { Badge } from "@mantine/core";
import { IconBan, IconCheck, IconMail } from "@tabler/icons-react";
import type { UserState } from "../api/schema";
import { useWords } from "./words";

const LOOKS = {
  invited: { color: "blue", icon: IconMail },
  active: { color: "teal", icon: IconCheck },
  disabled: { color: "gray", icon: IconBan },
} as const;

/** Whether somebody may sign in, in a sign and a word. */
export function StateBadge({ state }: { state: UserState }) {
  const { t } = useWords();
  const look = LOOKS[state];
  return (
    <Badge
      color={look.color}
      variant="light"
      tt="none"
      fw={550}
      miw="max-content"
      radius="sm"
      leftSection={<look.icon size={12} />}
    >
      {t(`users.states.${state}`)}
    </Badge>
  );
}
