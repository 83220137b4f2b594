import { type CSSVariablesResolver, createTheme, DEFAULT_THEME, type MantineColorsTuple } from "@mantine/core";

// Neutral greys; text shades keep 4.5 : 1 against the backgrounds they are used on (WCAG 2.2, 1.4.3).
const gray: MantineColorsTuple = [
  "#f7f7f8",
  "#eff0f1",
  "#e4e5e7",
  "#d4d6d9",
  "#b8bbc0",
  "#8b9097",
  "#5d636b",
  "#43484f",
  "#2e3238",
  "#1c1f23",
];
const dark: MantineColorsTuple = [
  "#d3d5d8",
  "#bcbfc4",
  "#9ea2a8",
  "#6d7178",
  "#44474d",
  "#373a3f",
  "#2b2d31",
  "#1f2124",
  "#17181b",
  "#0f1012",
];
// The accent: shade 7 carries white text.
const teal: MantineColorsTuple = [
  "#e9f7f2",
  "#d2ede3",
  "#a3dac6",
  "#70c6a8",
  "#46b48d",
  "#2ba37b",
  "#138766",
  "#0a7558",
  "#06624a",
  "#034f3b",
];

/** A palette of Mantine whose shades 7 and 9, which carry words on a light ground, hovered or not, are dark enough. */
function legible(colour: "red" | "yellow" | "blue" | "green", words: string): MantineColorsTuple {
  const shades = [...DEFAULT_THEME.colors[colour]] as unknown as [...MantineColorsTuple];
  shades[7] = shades[9] = words;
  return shades;
}

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 7,
  colors: {
    gray,
    dark,
    teal,
    red: legible("red", "#b21c1c"),
    yellow: legible("yellow", "#845400"),
    blue: legible("blue", "#195a98"),
    green: legible("green", "#22702f"),
  },
  black: "#1c1f23",
  fontFamily: "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { md: "1.45" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  defaultRadius: "6px",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "22px" }, h2: { fontSize: "17px" }, h3: { fontSize: "14px" } },
  },
  shadows: { md: "0 1px 2px rgb(0 0 0 / 8%), 0 8px 24px rgb(0 0 0 / 10%)" },
  components: {
    SegmentedControl: {
      defaultProps: { withItemsBorders: false },
      styles: { root: { background: "var(--surface-sunken)" } },
    },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 100 } } },
    InputWrapper: {
      styles: {
        label: { marginBottom: 4, fontWeight: 550 },
        description: { marginBottom: 6, fontSize: 12.5, color: "var(--mantine-color-dimmed)" },
        error: { marginTop: 4 },
      },
    },
    // a dialog's header is none of the page's landmarks
    Modal: { defaultProps: { transitionProps: { duration: 120 }, attributes: { header: { role: "presentation" } } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 }, attributes: { header: { role: "presentation" } } } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 80 }, shadow: "md" } },
  },
});

/** What Mantine has no name for: the surface behind photographs is grey without a tint, so that skin reads true. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--surface-page": "#ffffff",
    "--surface-frame": "#f7f7f8",
    "--surface-image": "#e8e8e8",
    "--surface-sunken": "#eff0f1",
    "--line": "#e4e5e7",
    "--mantine-color-placeholder": "#5d636b",
    "--mantine-color-error": "#c22323",
    "--mantine-color-dimmed": "#5d636b",
  },
  dark: {
    "--surface-page": "#17181b",
    "--surface-frame": "#1f2124",
    "--surface-image": "#2d2d2d",
    "--surface-sunken": "#2b2d31",
    "--line": "#373a3f",
    "--mantine-color-body": "#17181b",
    "--mantine-color-placeholder": "#9ea2a8",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-dimmed": "#9ea2a8",
  },
});
