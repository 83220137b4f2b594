import { Badge } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import type { PatientCard } from "../api/schema";
import { useWords } from "./words";

const SIGNS = { given: IconCheck, missing: IconMinus };

/** Whether consent to photographs is in force: in words and by a sign, never by colour alone. */
export function ConsentBadge({ consent }: Pick<PatientCard, "consent">) {
  const { t } = useWords();
  const Sign = SIGNS[consent];
  return (
    <Badge
      variant={consent === "given" ? "light" : "default"}
      color="teal"
      size="sm"
      tt="none"
      fw={550}
      leftSection={<Sign size={12} stroke={2.4} aria-hidden />}
    >
      {t(`consent.${consent}`)}
    </Badge>
  );
}
