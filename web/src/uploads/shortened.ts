const MOST = 32;
const END = 12;
/** What turns the letters after it around, so that one type looks like another (Unicode Standard Annex 9). */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

const LETTERS = new Intl.Segmenter();

/** A name that fits into a line: a long one is shortened in its middle, so that its end, with the type, is seen. */
export function shortened(name: string): string {
  const honest = name.replace(TURNING, "\ufffd");
  if (honest.length <= MOST) return honest;
  const letters = [...LETTERS.segment(honest)].map(({ segment }) => segment);
  if (letters.length <= MOST) return honest;
  return `${letters.slice(0, MOST - END - 1).join("")}…${letters.slice(-END).join("")}`;
}
