import { useEffect } from "react";

/** Name the page in the browser's tab: the page, never the patient. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Dermfolio`;
  }, [title]);
}
