import { Button, Group, Input, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import SignaturePad from "signature_pad";
import type { DrawnSignature, TypedSignature } from "../api/schema";
import classes from "./signature.module.css";
import { drawnOf } from "./strokes";
import { useWords } from "./words";

type Signature = DrawnSignature | TypedSignature;

interface SignatureFieldProps {
  onChange: (signature: Signature | null) => void;
  error: string | undefined;
}

/** Where one signs: drawn with a finger, a pen or the mouse, or typed by who uses the keyboard (CON-4). */
export function SignatureField({ onChange, error }: SignatureFieldProps) {
  const { t } = useWords();
  const [typing, setTyping] = useState(false);
  const change = (mode: string) => {
    setTyping(mode === "type");
    onChange(null);
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Input.Label component="div">{t("capture.signature")}</Input.Label>
        <SegmentedControl
          size="xs"
          aria-label={t("capture.signature")}
          value={typing ? "type" : "draw"}
          onChange={change}
          data={(["draw", "type"] as const).map((value) => ({ value, label: t(`capture.${value}`) }))}
        />
      </Group>
      {typing ? (
        <TextInput
          label={t("capture.typed")}
          onChange={({ currentTarget: { value } }) =>
            onChange(value.trim() === "" ? null : { kind: "typed", name: value.trim() })
          }
          maxLength={200}
          autoComplete="off"
          error={error}
        />
      ) : (
        <>
          <Pad onChange={onChange} />
          {error !== undefined && (
            <Text size="sm" c="red" role="alert">
              {error}
            </Text>
          )}
        </>
      )}
    </Stack>
  );
}

function Pad({ onChange }: { onChange: (signature: Signature | null) => void }) {
  const { t } = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const tell = useEffectEvent(() => {
    const { clientWidth = 0, clientHeight = 0 } = canvas.current ?? {};
    const strokes = pad.current?.toData().map(({ points }) => points) ?? [];
    onChange(drawnOf(strokes, clientWidth, clientHeight));
  });
  useEffect(() => {
    const surface = canvas.current;
    if (surface === null) return;
    const made = new SignaturePad(surface, { penColor: "#111" });
    pad.current = made;
    const signed = () => tell();
    made.addEventListener("endStroke", signed);
    // what was drawn stays when the surface is given another size, such as by turning a tablet
    const fit = () => {
      const strokes = made.toData();
      const ratio = Math.max(1, devicePixelRatio);
      surface.width = surface.clientWidth * ratio;
      surface.height = surface.clientHeight * ratio;
      surface.getContext("2d")?.scale(ratio, ratio);
      made.clear();
      made.fromData(strokes);
      tell();
    };
    const watch = new ResizeObserver(fit);
    watch.observe(surface);
    return () => {
      watch.disconnect();
      made.off();
    };
  }, []);
  const clear = () => {
    pad.current?.clear();
    onChange(null);
  };
  return (
    <>
      <div className={classes.paper}>
        <canvas ref={canvas} className={classes.canvas} role="img" aria-label={t("capture.pad")} />
      </div>
      <Group justify="flex-end">
        <Button variant="default" size="xs" onClick={clear}>
          {t("capture.clear")}
        </Button>
      </Group>
    </>
  );
}
