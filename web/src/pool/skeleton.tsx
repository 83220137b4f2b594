import { Box, Skeleton } from "@mantine/core";
import classes from "./grid.module.css";
import { PADDING } from "./layout";

/** The grid before anything is known of the pool. */
export function PoolSkeleton() {
  return (
    <Box p={PADDING} aria-hidden>
      <Skeleton h={18} w={220} my={13} />
      <Box className={classes.skeleton}>
        {Array.from({ length: 18 }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells skeletons apart
          <Skeleton key={n} radius={6} className={classes.ghost} />
        ))}
      </Box>
    </Box>
  );
}
