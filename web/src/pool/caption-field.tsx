import { Textarea, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type KeyboardEvent, lazy, Suspense, useCallback, useRef, useState } from "react";
import type { ImageView } from "../api/schema";
import { part } from "../ui/part";
import classes from "./caption-field.module.css";
import { draftOf, typeCaption, useCaptionDraft } from "./captions";
import { useWords } from "./words";

const Unsaved = lazy(part(async () => ({ default: (await import("./caption-unsaved")).CaptionUnsaved })));

/** What the server takes, in characters. */
const LONGEST = 1000;

interface CaptionFieldProps {
  image: ImageView;
  /** Where it stands: on a card of the pool, or among the properties. */
  size: "medium" | "large" | "panel";
  readOnly?: boolean;
}

/** What a photograph shows, in words: typed where it is read, and saved by itself (POOL-11). */
export function CaptionField({ image, size, readOnly = false }: CaptionFieldProps) {
  const { t } = useWords();
  const draft = useCaptionDraft(image.id);
  /** While one types: the server's is another by the blanks at its ends. */
  const [typed, setTyped] = useState<string | null>(null);
  const shown = useRef<HTMLButtonElement>(null);
  const text = draft?.text ?? image.caption ?? "";
  const end = (refocus: boolean) => {
    setTyped(null);
    draftOf(image.id)?.flush();
    if (refocus) requestAnimationFrame(() => shown.current?.focus());
  };
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
      event.preventDefault();
      end(true);
    }
  };
  if (readOnly && draft === null) {
    return text === "" && size !== "panel" ? null : (
      <p className={classes.text} data-size={size} title={size === "panel" ? undefined : text}>
        {text === "" ? <span className={classes.none}>{t("caption.none")}</span> : <bdi>{text}</bdi>}
      </p>
    );
  }
  return (
    <div className={classes.field} data-size={size}>
      {typed !== null ? (
        <Textarea
          classNames={{ input: classes.input ?? "" }}
          aria-label={t("caption.label")}
          data-mantine-stop-propagation // Escape ends the typing, not the dialog it is in
          autosize={size === "panel"}
          minRows={size === "medium" ? 1 : 2}
          rows={size === "medium" ? 1 : 2}
          maxLength={LONGEST}
          value={typed}
          autoFocus
          onFocus={(event) => event.currentTarget.setSelectionRange(typed.length, typed.length)}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            typeCaption(image, event.currentTarget.value);
          }}
          onBlur={() => end(false)}
          onKeyDown={press}
        />
      ) : (
        <UnstyledButton
          ref={shown}
          className={classes.text}
          data-size={size}
          title={text === "" ? undefined : t("caption.edit")}
          aria-description={text === "" ? undefined : t("caption.edit")}
          onClick={() => setTyped(text)}
        >
          {text === "" ? <span className={classes.none}>{t("caption.add")}</span> : <bdi>{text}</bdi>}
        </UnstyledButton>
      )}
      <CaptionStuck image={image.id} />
    </div>
  );
}

/** That a caption is not saved until somebody decides, and the way to do so; nothing where there is nothing to decide. */
export function CaptionStuck({ image }: { image: string }) {
  const { t } = useWords();
  const draft = useCaptionDraft(image);
  const [choosing, setChoosing] = useState(false);
  const close = useCallback(() => setChoosing(false), []);
  if (draft === null || (draft.theirs === null && draft.problem === null)) return null;
  return (
    <>
      <button type="button" className={classes.stuck} onClick={() => setChoosing(true)}>
        <IconAlertTriangle size={15} stroke={1.9} aria-hidden />
        {t(draft.theirs === null ? "caption.notSaved" : "caption.twoVersions")}
      </button>
      {choosing && (
        <Suspense>
          <Unsaved image={image} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
