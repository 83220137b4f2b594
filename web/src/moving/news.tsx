import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { MoveTarget } from "../api/schema";
import { takeBack, tell } from "../ui/tell";
import type { Outcome } from "./moving";
import { useWords } from "./words";

type Stage = "begun" | Outcome;

/** Tell what becomes of a photograph that was sent to another patient, with the way there. */
export function tellOfMove(image: string, target: MoveTarget, stage: Stage): void {
  const stays = stage === "duplicate" || stage === "failed";
  const color = stays ? "red" : "teal";
  if (stage !== "begun") takeBack(`moving-${image}-begun`);
  tell({
    id: `moving-${image}-${stage}`,
    color,
    title: <Title id={target.unique_id} stage={stage} />,
    message: <Message target={target} stage={stage} />,
    autoClose: stage === "begun" ? 8_000 : 30_000,
  });
}

function Title({ id, stage }: { id: string; stage: Stage }) {
  const { t } = useWords();
  if (stage === "begun") return t("begun");
  return stage === "moved" ? t("moved", { id }) : t("stayed");
}

function Message({ target, stage }: { target: MoveTarget; stage: Stage }) {
  const { t } = useWords();
  if (stage === "moved") {
    return (
      <Anchor component={Link} to={`/patients/${target.patient}/pool`} size="sm" fw={600}>
        {t("toPool")}
      </Anchor>
    );
  }
  return <Text size="sm">{stage === "begun" ? t("begunAbout", { id: target.unique_id }) : t(`reasons.${stage}`)}</Text>;
}
