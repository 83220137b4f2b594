import type { CSSProperties } from "react";
import type { TagColour } from "../api/schema";

interface Shades {
  ground: string;
  words: string;
  /** The small sign before the words. */
  mark: string;
}

/** What the colours of the server's palette look like: words keep 4.5 : 1 on their ground, marks 3 : 1, in both themes. */
export const PALETTE: Readonly<Record<TagColour, { light: Shades; dark: Shades }>> = {
  grey: {
    light: { ground: "#eaeaeb", words: "#45464a", mark: "#7d8087" },
    dark: { ground: "#36373a", words: "#c7c9cc", mark: "#888b91" },
  },
  red: {
    light: { ground: "#fadddb", words: "#81160e", mark: "#dd473c" },
    dark: { ground: "#4d2623", words: "#f0b1ad", mark: "#d75e56" },
  },
  pink: {
    light: { ground: "#fadbeb", words: "#810e47", mark: "#dd3c8c" },
    dark: { ground: "#4d2338", words: "#f0adcf", mark: "#d75696" },
  },
  purple: {
    light: { ground: "#f2dbfa", words: "#640e81", mark: "#b949df" },
    dark: { ground: "#43234d", words: "#e0adf0", mark: "#b95ad8" },
  },
  indigo: {
    light: { ground: "#dedbfa", words: "#180e81", mark: "#5d52e0" },
    dark: { ground: "#26234d", words: "#b2adf0", mark: "#786edd" },
  },
  blue: {
    light: { ground: "#dbeafa", words: "#0e4481", mark: "#3382db" },
    dark: { ground: "#23374d", words: "#a8caf0", mark: "#498ad4" },
  },
  cyan: {
    light: { ground: "#dbf5fa", words: "#0b5665", mark: "#1e92a9" },
    dark: { ground: "#23464d", words: "#a0e1ee", mark: "#2da6be" },
  },
  teal: {
    light: { ground: "#dbfaf3", words: "#0a5c49", mark: "#1b987b" },
    dark: { ground: "#234d43", words: "#9bedda", mark: "#2cba99" },
  },
  green: {
    light: { ground: "#dbfae0", words: "#0a5c18", mark: "#1c9c31" },
    dark: { ground: "#234d2a", words: "#a0eead", mark: "#2cba43" },
  },
  lime: {
    light: { ground: "#eefadb", words: "#3b5c0a", mark: "#63931a" },
    dark: { ground: "#3c4d23", words: "#caed97", mark: "#81ba2c" },
  },
  yellow: {
    light: { ground: "#faf4db", words: "#604f0b", mark: "#a0861c" },
    dark: { ground: "#4d4523", words: "#eddd9b", mark: "#ba9d2c" },
  },
  orange: {
    light: { ground: "#fae9db", words: "#773b0d", mark: "#c76a23" },
    dark: { ground: "#4d3523", words: "#efc4a4", mark: "#d07835" },
  },
};

/** The colours, in the order in which they are chosen from. */
export const COLOURS = Object.keys(PALETTE) as TagColour[];

/** A colour as the styles of labels take it. */
export function shadesOf(colour: TagColour): CSSProperties {
  const { light, dark } = PALETTE[colour];
  return {
    "--tag-ground": `light-dark(${light.ground}, ${dark.ground})`,
    "--tag-words": `light-dark(${light.words}, ${dark.words})`,
    "--tag-mark": `light-dark(${light.mark}, ${dark.mark})`,
  } as CSSProperties;
}
