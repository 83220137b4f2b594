const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const LONGEST_ASKED_MS = 300_000;
const AT_ONCE = 3;

/** How long to wait after so many failures in a row, in milliseconds; `asked` is the server's Retry-After in seconds. */
export function delay(failures: number, asked: number | null): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  // spread out, so that a restarted gateway does not meet all browsers at once
  const drawn = longest / 2 + (Math.random() * longest) / 2;
  return Math.max(drawn, Math.min(LONGEST_ASKED_MS, (asked ?? 0) * 1_000));
}

/** When and how many transfers may begin. While the system does not answer, one at a time tries whether it does again. */
export class Pace {
  private failures = 0;
  private until = 0;

  /** The moment before which none may begin, in milliseconds since the epoch. */
  get opens(): number {
    return this.until;
  }

  get places(): number {
    return this.failures === 0 ? AT_ONCE : 1;
  }

  /** Whether the system failed to answer last. */
  get troubled(): boolean {
    return this.failures > 0;
  }

  /** The system did not answer, or asked to wait. */
  stumbled(asked: number | null): void {
    const now = Date.now();
    // transfers that ran side by side meet the same trouble: it counts once
    if (now >= this.until) this.failures += 1;
    this.until = Math.max(this.until, now + delay(this.failures, asked));
  }

  /** The system answered. */
  answered(): void {
    this.failures = 0;
    this.until = 0;
  }

  /** There is reason to try now. */
  wake(): void {
    this.until = 0;
  }
}
