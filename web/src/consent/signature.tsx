import type { ConsentEventDetails } from "../api/schema";
import classes from "./signature.module.css";
import { pathOf } from "./strokes";

/** A signature as it was given: its lines drawn by us, or the name that was typed. */
export function ShownSignature({ signature, label }: { signature: Signature; label: string }) {
  if (signature.kind === "typed") {
    return (
      <div className={classes.typed} role="img" aria-label={label}>
        <bdi>{signature.name}</bdi>
      </div>
    );
  }
  const { width, height, strokes } = signature;
  return (
    <svg className={classes.shown} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <path
        d={strokes.map(pathOf).join("")}
        fill="none"
        stroke="#111"
        strokeWidth={2}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

type Signature = NonNullable<ConsentEventDetails["signature"]>;
