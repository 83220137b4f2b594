import { Box } from "@mantine/core";
import type { ReactNode } from "react";

/** The room of a page: as wide as reads well. */
export function Page({ children, narrow = false }: { children: ReactNode; narrow?: boolean }) {
  return (
    <Box px={{ base: "md", sm: "lg" }} py="lg" maw={narrow ? 760 : 1640} mx="auto" w="100%">
      {children}
    </Box>
  );
}
