import { Group, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { part } from "../ui/part";
import classes from "./heading.module.css";

const PoolConsentMark = lazy(part(async () => ({ default: (await import("../consent/marks")).PoolConsentMark })));

interface PoolHeadingProps {
  patient: string;
  /** How many photographs there are; 0 while that is not known, too. */
  total: number;
}

/** What this is, and how much of it there is. */
export function PoolHeading({ patient, total }: PoolHeadingProps) {
  const { t } = useTranslation();
  return (
    <Group gap={10} align="baseline" wrap="nowrap" miw={0}>
      <Title order={1} className={classes.title}>
        {t("frame.places.pool")}
      </Title>
      {total > 0 && (
        <>
          <Text c="dimmed" size="sm" truncate>
            {t("pool.count", { count: total })}
          </Text>
          <Suspense>
            <PoolConsentMark patient={patient} />
          </Suspense>
        </>
      )}
    </Group>
  );
}
