import { IconAlertTriangle, IconCircleCheck, IconClockExclamation, IconClockX, IconFileOff } from "@tabler/icons-react";

/** How each state looks: a sign beside the colour, and words beside both. */
export const LOOKS = {
  valid: { color: "teal", icon: IconCircleCheck },
  expiring: { color: "yellow", icon: IconClockExclamation },
  expired: { color: "red", icon: IconClockX },
  missing: { color: "red", icon: IconFileOff },
  invalid: { color: "red", icon: IconAlertTriangle },
} as const;
