import { Button, CopyButton, Group, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** A secret that is shown here and never again, to copy. */
export function ShownOnce({ label, secret }: { label: string; secret: string }) {
  const { t } = useTranslation();
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        flex={1}
        miw={220}
        label={label}
        value={secret}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      />
      <CopyButton value={secret} timeout={3000}>
        {({ copied, copy }) => (
          <Button
            onClick={copy}
            variant={copied ? "light" : "filled"}
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          >
            <span aria-live="polite">{t(copied ? "ui.copied" : "ui.copy")}</span>
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
