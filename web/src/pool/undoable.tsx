import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { tell, tellProblem } from "../ui/tell";
import { useWords } from "./words";

/** Long enough to look, and to think again. */
const TOLD_MS = 12_000;

interface Undoable {
  done: string;
  undone: string;
  undo: () => Promise<void>;
}

/** Tell what was done, with a button that takes it back. */
export function tellUndoable({ done, undone, undo }: Undoable): void {
  const id = crypto.randomUUID();
  const take = () => {
    notifications.hide(id);
    undo().then(() => tell({ message: undone }), tellProblem);
  };
  tell({ id, color: "green", message: <Told done={done} onUndo={take} />, autoClose: TOLD_MS });
}

function Told({ done, onUndo }: { done: string; onUndo: () => void }) {
  const { t } = useWords();
  return (
    <Group justify="space-between" gap="sm">
      {done}
      <Button variant="light" size="compact-sm" onClick={onUndo}>
        {t("selection.undo")}
      </Button>
    </Group>
  );
}
