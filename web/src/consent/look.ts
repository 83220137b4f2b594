import { IconAlertTriangle, IconInfoCircle, IconShieldCheck } from "@tabler/icons-react";
import type { ConsentView } from "../api/schema";

/** How a consent is shown; null where nothing needs to be said of it. */
export function lookOf({ given, enforcement, version }: ConsentView) {
  if (given) return { color: "teal", icon: IconShieldCheck };
  if (enforcement === "required") return { color: "yellow", icon: IconAlertTriangle };
  if (enforcement === "advisory") return { color: "blue", icon: IconInfoCircle };
  return version === 0 ? null : { color: "gray", icon: IconInfoCircle };
}
