import { createContext, useContext } from "react";
import type { ImageView } from "../api/schema";

/** The photographs of the open pool in the order in which they are shown. */
export interface PoolOrder {
  ids: readonly string[];
  image(id: string): ImageView | undefined;
  /** Whether the whole pool is known. */
  complete: boolean;
}

const Order = createContext<PoolOrder>({ ids: [], image: () => undefined, complete: false });
export const PoolOrderProvider = Order.Provider;

/** What is before and behind a photograph, for whoever walks through the pool. */
export function usePoolOrder(): PoolOrder {
  return useContext(Order);
}
