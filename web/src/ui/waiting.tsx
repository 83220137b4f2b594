import { Center, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** While it is not known yet what to show. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh">
      <Loader size="sm" color="gray" aria-label={t("ui.loading")} />
    </Center>
  );
}
