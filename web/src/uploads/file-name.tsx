import classes from "./file-name.module.css";
import { shortened } from "./shortened";

/** A file's name, shortened in its middle when it is long, apart from the writing direction of the text around it. */
export function FileName({ name }: { name: string }) {
  return (
    <bdi className={classes.name} title={name}>
      {shortened(name)}
    </bdi>
  );
}
