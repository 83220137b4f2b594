import type words from "./words/en.json";

/** Keys, each by itself, together or one after the other. */
interface Shortcut {
  /** Key of what it does, under `does`. */
  name: keyof (typeof words)["does"];
  keys: readonly string[];
}

interface Section {
  /** Key of its title, under `where`. */
  where: keyof (typeof words)["where"];
  shortcuts: readonly Shortcut[];
}

/** What the keyboard does, as it is listed for who asks. */
export const SECTIONS: readonly Section[] = [
  {
    where: "everywhere",
    shortcuts: [
      { name: "search", keys: ["/"] },
      { name: "commands", keys: ["Ctrl", "K"] },
      { name: "patients", keys: ["g", "p"] },
      { name: "entries", keys: ["g", "e"] },
      { name: "pool", keys: ["g", "i"] },
      { name: "help", keys: ["?"] },
    ],
  },
  {
    where: "pool",
    shortcuts: [
      { name: "upload", keys: ["u"] },
      { name: "walk", keys: ["←", "→", "↑", "↓"] },
      { name: "open", keys: ["Space"] },
      { name: "select", keys: ["x"] },
      { name: "extend", keys: ["Shift", "→"] },
      { name: "move", keys: ["Ctrl", "→"] },
      { name: "tag", keys: ["t"] },
      { name: "date", keys: ["d"] },
      { name: "rotate", keys: ["r"] },
      { name: "workspace", keys: ["w"] },
      { name: "zoom", keys: ["+", "−"] },
      { name: "clear", keys: ["Esc"] },
    ],
  },
  {
    where: "viewer",
    shortcuts: [
      { name: "neighbour", keys: ["←", "→"] },
      { name: "closer", keys: ["+", "−"] },
      { name: "fit", keys: ["0"] },
      { name: "actual", keys: ["1"] },
      { name: "info", keys: ["i"] },
      { name: "rotate", keys: ["r"] },
      { name: "close", keys: ["Esc"] },
    ],
  },
];
