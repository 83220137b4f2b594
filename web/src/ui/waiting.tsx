import { Center, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** While it is not known yet what to show. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" role="status" aria-label={t("ui.loading")}>
      <Loader size="sm" color="gray" />
    </Center>
  );
}
