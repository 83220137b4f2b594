import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { tell } from "../ui/tell";
import { useWords } from "./words";

/** Tell somebody who tried to add photographs that the consent form comes first, with the way there (CON-3). */
export function tellConsentMissing(patient: string): void {
  tell({
    id: `consent-${patient}`,
    color: "yellow",
    title: <Title />,
    message: <Message patient={patient} />,
    autoClose: 12_000,
  });
}

function Title() {
  return useWords().t("required.title");
}

function Message({ patient }: { patient: string }) {
  const { t } = useWords();
  return (
    <>
      <Text size="sm">{t("required.message")}</Text>
      <WayToConsent patient={patient} />
    </>
  );
}

/** The way to the form. */
export function WayToConsent({ patient }: { patient: string }) {
  const { t } = useWords();
  return (
    <Anchor component={Link} to={`/patients/${patient}/consent`} size="sm" fw={600}>
      {t("required.link")}
    </Anchor>
  );
}
