import { createUseExternalEvents } from "@mantine/core";

interface Asked extends Record<string, (detail: undefined) => void> {
  help: () => void;
}

const [useAsked, asked] = createUseExternalEvents<Asked>("shortcuts");

/** Hears that somebody asks what the keyboard does. */
export { useAsked };

/** Ask what the keyboard does. */
export const askForHelp = asked("help");
