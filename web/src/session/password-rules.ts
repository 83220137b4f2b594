/** What the server asks of a password (ORG-3), to show while it is typed. The server decides. */
export const RULES = [
  { name: "length", holds: (typed: string) => [...typed].length >= 12 },
  { name: "upper", holds: (typed: string) => /\p{Lu}/u.test(typed) },
  { name: "lower", holds: (typed: string) => /\p{Ll}/u.test(typed) },
  { name: "digit", holds: (typed: string) => /\p{Nd}/u.test(typed) },
  { name: "special", holds: (typed: string) => /[^\p{L}\p{N}\s]/u.test(typed) },
] as const;

/** Whether every rule holds. */
export function isStrong(typed: string): boolean {
  return RULES.every((rule) => rule.holds(typed));
}
