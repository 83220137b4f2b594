import { type NotificationData, notifications } from "@mantine/notifications";
import i18next from "i18next";
import { Problem } from "../api/problem";

/** Tell the user something, for a while. */
export function tell(news: NotificationData): void {
  notifications.show({ closeButtonProps: { "aria-label": i18next.t("ui.close") }, ...news });
}

/** What was told under this id is so no more. */
export function takeBack(id: string): void {
  notifications.hide(id);
}

/** Tell the user that something they asked for was not done, and why. */
export function tellProblem(error: unknown): void {
  tell({ color: "red", title: i18next.t("ui.notDone"), message: inWords(error), autoClose: 10_000 });
}

/** An error as a sentence: in the user's language where it is known there, else the server's own. */
export function inWords(error: unknown): string {
  if (!(error instanceof Problem)) return i18next.t("problems.internal");
  const key = `problems.${error.code}`;
  return i18next.exists(key) ? i18next.t(key as "problems.internal") : error.detail || i18next.t("problems.internal");
}
