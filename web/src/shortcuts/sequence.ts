/** How long after `g` the second key may come. */
const PATIENCE_MS = 1_500;

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "timeStamp">;

/** Two keys one after the other, the first of them `g`: where the second one leads. */
export class Going {
  private begun: number | null = null;

  /** The second key, once both were pressed; null before, and for anything else. */
  hear({ key, ctrlKey, metaKey, altKey, timeStamp }: Pressed): string | null {
    const begun = this.begun;
    this.begun = null;
    if (ctrlKey || metaKey || altKey) return null;
    if (begun !== null && timeStamp - begun <= PATIENCE_MS) return key.toLowerCase();
    if (key === "g") this.begun = timeStamp;
    return null;
  }
}
