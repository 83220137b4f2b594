import { ActionIcon, Anchor, Indicator, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconUrgent } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useSession } from "../session/session";
import { tell } from "../ui/tell";
import { COUNTED, useAlertCount, useAlertNews } from "./alerts";

const PAGE = "/administration/emergency";
const TOLD_MS = 15_000;

/** How many emergency accesses wait to be acknowledged, and the way there; nothing when none do (ORG-8). */
export function AlertBadge() {
  const { t } = useTranslation();
  const count = useAlertCount();
  useToasts();
  if (count === 0) return null;
  const many = count >= COUNTED;
  const label = many ? t("alerts.waitingMany", { count: COUNTED - 1 }) : t("alerts.waiting", { count });
  return (
    <Tooltip label={label}>
      <Indicator
        label={<span aria-hidden>{many ? `${COUNTED - 1}+` : count}</span>}
        color="red.8"
        size={17}
        offset={7}
        zIndex={1}
      >
        <ActionIcon component={Link} to={PAGE} variant="subtle" color="red" size="lg" aria-label={label}>
          <IconUrgent size={20} stroke={1.6} />
        </ActionIcon>
      </Indicator>
    </Tooltip>
  );
}

/** Tell of an emergency access while it happens, where it is not on the page anyway; several at once are one notice. */
function useToasts(): void {
  const { t } = useTranslation();
  const { sites } = useSession();
  const { pathname } = useLocation();
  const shown = useRef(new Set<string>());
  useAlertNews(({ site }) => {
    if (pathname === PAGE) return;
    const id = `emergency-${site}`;
    shown.current.add(id);
    tell({
      id,
      color: "red",
      icon: <IconUrgent size={18} stroke={1.8} />,
      title: t("alerts.toastTitle"),
      message: (
        <>
          {t("alerts.toast", { site: sites.find((own) => own.site === site)?.name })}{" "}
          <Anchor component={Link} to={PAGE} size="sm" underline="always" onClick={() => notifications.hide(id)}>
            {t("alerts.show")}
          </Anchor>
        </>
      ),
      autoClose: TOLD_MS,
    });
  });
  useEffect(() => {
    const ids = shown.current;
    return () => {
      for (const id of ids) notifications.hide(id); // nobody administers here any more
    };
  }, []);
}
