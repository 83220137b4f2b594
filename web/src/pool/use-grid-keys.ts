import { type RefObject, useEffect, useEffectEvent } from "react";
import { type Command, commandOf } from "./keys";

const TYPED_IN = "input, textarea, select, [contenteditable]";

/**
 * What keys ask of the pool: on the card that has the focus, or of the whole while nothing else has it. Not in dialogs
 * and menus, which lie elsewhere in the page, nor where one types.
 */
export function useGridKeys(
  page: RefObject<HTMLElement | null>,
  idle: boolean,
  obey: (command: Command, card: string | null) => boolean,
): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
    const nowhere = target === document.body;
    if (nowhere ? !idle : !page.current?.contains(target) || target.matches(TYPED_IN)) return;
    const command = commandOf(event);
    if (command === null) return;
    if (obey(command, target.dataset.open ?? null)) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
