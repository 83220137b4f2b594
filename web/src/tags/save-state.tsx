import { Text } from "@mantine/core";
import { useSayProblem } from "../ui/say-problem";
import { useWords } from "./words";

/** Whether what was clicked is kept by the server, and if not, why. Nothing before the first click. */
export function SaveState(state: { underway: boolean; error: Error | null; isSuccess: boolean }) {
  const { t } = useWords();
  const say = useSayProblem();
  const { underway, error, isSuccess } = state;
  const said = underway
    ? t("saving")
    : error !== null
      ? t("notSaved", { why: say(error) })
      : isSuccess
        ? t("saved")
        : "";
  return (
    <Text size="sm" role="status" c={error !== null && !underway ? "red" : "dimmed"} mih={20}>
      {said}
    </Text>
  );
}
