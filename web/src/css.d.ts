import "react";

declare module "react" {
  interface CSSProperties {
    /** Custom properties of style sheets. */
    [name: `--${string}`]: string | number | undefined;
  }
}
