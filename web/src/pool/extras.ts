import { createContext, type ReactNode, useContext } from "react";
import type { ImageView } from "../api/schema";

/** What is to be known of a card by a button that is added to it. */
export interface OnCard {
  /** When the photograph was taken, in words. */
  when: string;
  /** Of all its buttons: whether they are on the way of the Tab key. */
  tabIndex: 0 | -1;
}

/** What a place that shows the pool adds to it: an entry's workspace, for one. Has to stay the same object. */
export interface PoolExtras {
  /** A button in a corner of a card, and marks on its picture. */
  corner?: (image: ImageView, card: OnCard) => ReactNode;
  marks?: (image: ImageView) => ReactNode;
  /** Buttons of the bar for what is selected. */
  bulk?: (images: readonly ImageView[]) => ReactNode;
  /** A button beside those of the viewer. */
  viewing?: (image: ImageView) => ReactNode;
  /** What the key `w` asks for. */
  choose?: (images: readonly ImageView[]) => void;
}

const Extras = createContext<PoolExtras>({});
export const PoolExtrasProvider = Extras.Provider;

/** What is added to the pool where it is shown now. */
export function usePoolExtras(): PoolExtras {
  return useContext(Extras);
}
