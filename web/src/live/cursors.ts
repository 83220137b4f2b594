/** Patients of whom something is remembered while nobody follows them. */
const REMEMBERED = 50;

/** Whether one place in the stream of events is before another; those of different streams cannot be compared. */
export function isBefore(one: string, other: string): boolean {
  const [epoch, place] = one.split(":");
  const [otherEpoch, otherPlace] = other.split(":");
  return epoch === otherEpoch && Number(place) < Number(otherPlace);
}

/** Up to which event that is known is right which was loaded of patients before they were followed. */
export class Loaded {
  private readonly cursors = new Map<string, string>();

  /** Something that was loaded of a patient holds what had happened by then: the oldest of it counts. */
  note(patient: string, cursor: string): void {
    const known = this.cursors.get(patient);
    if (known !== undefined && !isBefore(cursor, known)) return;
    this.cursors.delete(patient);
    this.cursors.set(patient, cursor);
    for (const longest of this.cursors.keys()) {
      if (this.cursors.size <= REMEMBERED) break;
      this.cursors.delete(longest);
    }
  }

  of(patient: string): string | null {
    return this.cursors.get(patient) ?? null;
  }

  /** It is followed from there on. */
  forget(patient: string): void {
    this.cursors.delete(patient);
  }
}
