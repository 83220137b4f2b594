import { Notifications } from "@mantine/notifications";

/** What the interface has to tell. What was told before this part came is shown when it does. */
export function News() {
  return <Notifications position="top-right" limit={4} zIndex={400} notificationMaxHeight="80vh" className="news" />;
}
