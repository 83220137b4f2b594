import { createContext, type ReactNode, useContext } from "react";
import type { ImageView } from "../api/schema";

/** What a place that shows the pool adds to it: an entry's workspace, for one. Has to stay the same object. */
export interface PoolExtras {
  /** Buttons beside those of a card, and marks on its picture. */
  actions?: (image: ImageView) => ReactNode;
  marks?: (image: ImageView) => ReactNode;
  /** Buttons of the bar for what is selected; `done` ends the selection. */
  bulk?: (images: readonly string[], done: () => void) => ReactNode;
}

const Extras = createContext<PoolExtras>({});
export const PoolExtrasProvider = Extras.Provider;

/** What is added to the pool where it is shown now. */
export function usePoolExtras(): PoolExtras {
  return useContext(Extras);
}
