import { Alert } from "@mantine/core";
import { useSayProblem } from "../ui/say-problem";

/** Why what was sent was not done, above or below a form; nothing while there is no error. */
export function ProblemAlert({ error }: { error: unknown }) {
  const say = useSayProblem();
  if (error === null) return null;
  return (
    <Alert color="red" variant="light" role="alert" p="sm">
      {say(error)}
    </Alert>
  );
}
