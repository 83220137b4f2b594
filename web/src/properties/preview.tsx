import { IconPhoto } from "@tabler/icons-react";
import type { ImageView } from "../api/schema";
import { renditionAddress } from "../viewer/sources";
import classes from "./preview.module.css";

const TILE = 320;

/** The photograph small, as the pool shows it; its name is read from the facts beside it. */
export function Preview({ image }: { image: ImageView }) {
  return (
    <div className={classes.preview}>
      {image.state === "ready" ? (
        <img src={renditionAddress(image, TILE)} alt="" draggable={false} />
      ) : (
        <IconPhoto size={40} stroke={1.2} aria-hidden />
      )}
    </div>
  );
}
