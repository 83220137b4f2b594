import { Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { isStale } from "../api/versions";
import type { Draft } from "./draft";
import { SaveBar } from "./save-bar";

interface DraftFormProps<T extends object, Kept> {
  draft: Draft<T>;
  /** Sends the changes; resolves to what is kept now. */
  save: () => Promise<Kept>;
  onSaved: (kept: Kept) => void;
  /** Somebody else changed it meanwhile: load it again. */
  onStale: () => void;
  gap?: "lg" | "xl";
  /** Nothing to save: only to look at. */
  readOnly?: boolean;
  /** The fields; `error` is why the last try failed. */
  children: (error: unknown) => ReactNode;
}

/** A form over what is kept, saved or discarded when one says so. */
export function DraftForm<T extends object, Kept>(props: DraftFormProps<T, Kept>) {
  const { draft, save, onSaved, onStale, gap = "lg", readOnly = false, children } = props;
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (kept) => {
      draft.discard();
      onSaved(kept);
    },
    onError: (error) => {
      if (isStale(error)) onStale();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const discard = () => {
    draft.discard();
    saving.reset();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={gap}>{children(saving.error)}</Stack>
      {!readOnly && <SaveBar count={draft.count} saving={saving.isPending} error={saving.error} onDiscard={discard} />}
    </form>
  );
}
