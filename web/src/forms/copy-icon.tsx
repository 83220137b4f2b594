import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

interface CopyIconProps {
  value: string;
  label: string;
  copiedLabel: string;
  /** Which of several it is, for those who do not see where it stands. */
  of?: string;
}

/** A small way to copy something that is shown. */
export function CopyIcon({ value, label, copiedLabel, of }: CopyIconProps) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => {
        const said = copied ? copiedLabel : label;
        return (
          <Tooltip label={said}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              aria-label={of === undefined ? said : `${said}: ${of}`}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} stroke={1.8} /> : <IconCopy size={16} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
        );
      }}
    </CopyButton>
  );
}
