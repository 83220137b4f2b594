import { useEffect, useRef } from "react";
import { thumbHashToRGBA } from "thumbhash";

/** What is there sooner needs nothing before it: most photographs come from the cache, or from next door. */
const SOON_MS = 150;

interface ThumbHashProps {
  /** The hash in base64. */
  hash: string;
  className: string | undefined;
}

/** What a photograph will look like, blurred, until it is there. Drawn rather than loaded: no address, no request. */
export function ThumbHash({ hash, className }: ThumbHashProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const late = setTimeout(() => draw(canvas.current, hash), SOON_MS);
    return () => clearTimeout(late);
  }, [hash]);
  return <canvas ref={canvas} className={className} aria-hidden data-thumbhash />;
}

function draw(canvas: HTMLCanvasElement | null, hash: string): void {
  const context = canvas?.getContext("2d");
  if (canvas === null || context == null) return;
  const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0)));
  canvas.width = w;
  canvas.height = h;
  context.putImageData(new ImageData(Uint8ClampedArray.from(rgba), w, h), 0, 0);
}
