import { useEffect, useRef } from "react";
import { thumbHashToRGBA } from "thumbhash";

interface ThumbHashProps {
  /** The hash in base64. */
  hash: string;
  className: string | undefined;
}

/** What a photograph will look like, blurred, until it is there. Drawn rather than loaded: no address, no request. */
export function ThumbHash({ hash, className }: ThumbHashProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (canvas.current === null || context == null) return;
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0)));
    canvas.current.width = w;
    canvas.current.height = h;
    context.putImageData(new ImageData(Uint8ClampedArray.from(rgba), w, h), 0, 0);
  }, [hash]);
  return <canvas ref={canvas} className={className} aria-hidden data-thumbhash />;
}
