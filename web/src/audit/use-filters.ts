import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { addressOf, changed, type Filters, filtersIn } from "./filters";

/** The filters that the address names, and how to have others. Each choice is a step that one can go back. */
export function useFilters() {
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => filtersIn(address), [address]);
  const replace = useCallback((wanted: Filters) => setAddress(addressOf(wanted)), [setAddress]);
  const change = useCallback((changes: Filters) => replace(changed(filters, changes)), [filters, replace]);
  return { filters, replace, change };
}
