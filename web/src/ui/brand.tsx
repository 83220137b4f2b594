import { Group, Text } from "@mantine/core";

/** The product's mark and name. */
export function Brand({ small = false }: { small?: boolean }) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/favicon.svg" alt="" width={26} height={26} />
      {!small && (
        <Text component="span" fw={650} size="lg" style={{ letterSpacing: "-0.01em" }}>
          Dermfolio
        </Text>
      )}
    </Group>
  );
}
