import { useTranslation } from "react-i18next";
import { CopyIcon } from "../forms/copy-icon";
import classes from "./checksum.module.css";
import { checksumGroups } from "./facts";

/** The fingerprint of the uploaded bytes, to compare by eye or to copy. */
export function Checksum({ sha256 }: { sha256: string }) {
  const { t } = useTranslation();
  const groups = checksumGroups(sha256);
  return (
    <span className={classes.checksum}>
      <code className={classes.groups}>
        {groups.map((group, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two groups may be equal, and none ever moves
          <span key={n}>{group}</span>
        ))}
      </code>
      <CopyIcon value={sha256} label={t("properties.copy")} copiedLabel={t("properties.copied")} />
    </span>
  );
}
