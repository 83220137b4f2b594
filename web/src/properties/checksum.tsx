import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
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
      <CopyButton value={sha256}>
        {({ copied, copy }) => {
          const label = t(copied ? "properties.copied" : "properties.copy");
          return (
            <Tooltip label={label}>
              <ActionIcon variant="subtle" color="gray" size={28} aria-label={label} onClick={copy}>
                {copied ? <IconCheck size={16} stroke={1.8} /> : <IconCopy size={16} stroke={1.6} />}
              </ActionIcon>
            </Tooltip>
          );
        }}
      </CopyButton>
    </span>
  );
}
