import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { Sections } from "../api/schema";
import { Autosave } from "../saving/autosave";
import { tellProblem } from "../ui/tell";

const PATH = "/api/v1/account/entries/{entry}/sections";
const SOON_MS = 200;
const ALL_OPEN: Required<Sections> = { workspace: true, comparisons: true, tags_and_notes: true };

function queryOf(entry: string) {
  return queryOptions({
    queryKey: ["sections", entry],
    queryFn: () => answered(api.GET(PATH, { params: { path: { entry } } })),
    staleTime: 5 * 60_000,
  });
}

/** Which sections of an entry the user has open, on every device (ENT-2); undefined while that is not known. */
export function useSections(entry: string) {
  const { data, isError } = useQuery(queryOf(entry));
  const [autosave] = useState(
    () =>
      new Autosave<Sections>(
        `sections ${entry}`,
        {
          async send(body) {
            await answered(api.PUT(PATH, { params: { path: { entry } }, body }));
          },
          refused: tellProblem,
        },
        SOON_MS,
      ),
  );
  // what somebody has folded is no reason to keep the entry from them
  const open: Required<Sections> | undefined = data === undefined && !isError ? undefined : { ...ALL_OPEN, ...data };
  const toggle = (section: keyof Sections) => {
    const next = { ...ALL_OPEN, ...data, [section]: !(data?.[section] ?? true) };
    queryClient.setQueryData(queryOf(entry).queryKey, next);
    autosave.set(next);
  };
  return { open, toggle };
}
