const KIB = 1024;
const UNITS = ["byte", "kilobyte", "megabyte"] as const;

/** A size as file managers show it, in steps of 1,024: "4.2 MB". */
export function formatBytes(bytes: number, language: string): string {
  const step = bytes < KIB ? 0 : bytes < KIB * KIB ? 1 : 2;
  const value = bytes / KIB ** step;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}
