import { Box, Button, Code, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { TokenView } from "../api/schema";
import { Confirm } from "../forms/confirm";
import { useSession } from "../session/session";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import classes from "../ui/list.module.css";
import { Section } from "../ui/section";
import { TOKENS } from "./anchors";
import { NewTokenDialog } from "./new-token";
import { scopesFor, wordsOf } from "./token-scopes";
import { revokeToken, useTokens } from "./tokens";
import { useWords } from "./words";

/** Keys for programs that act in one's name (ORG-7). */
export function TokenList() {
  const { t } = useWords();
  const session = useSession();
  const { data: tokens, error, refetch } = useTokens();
  const [making, setMaking] = useState(false);
  return (
    <Section id={TOKENS} title={t("tokens.title")} about={t("tokens.about")} changing={tokens?.length}>
      {tokens === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {tokens === undefined && error === null && <Skeleton h={60} />}
      {tokens?.length === 0 && <Text c="dimmed">{t("tokens.none")}</Text>}
      {tokens !== undefined && tokens.length > 0 && (
        <ul className={classes.list}>
          {tokens.map((token) => (
            <TokenItem key={token.id} token={token} />
          ))}
        </ul>
      )}
      {scopesFor(session).length > 0 && (
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
            {t("tokens.make")}
          </Button>
        </Group>
      )}
      <NewTokenDialog opened={making} onClose={() => setMaking(false)} />
    </Section>
  );
}

function TokenItem({ token }: { token: TokenView }) {
  const { t } = useWords();
  const siteNames = new Map(useSession().sites.map(({ site, name }) => [site, name]));
  const { name, scopes, sites, last_used_at: used } = token;
  return (
    <Box component="li" className={classes.item}>
      <Stack gap={2} miw={0}>
        <Text fw={550}>
          <bdi>{name}</bdi> <Code>{token.begins_with}…</Code>
        </Text>
        <Text size="sm">{scopes.map((scope) => t(wordsOf(scope))).join(" · ")}</Text>
        {sites.length > 0 && (
          <Text size="sm" c="dimmed">
            {sites.map((site) => siteNames.get(site) ?? t("tokens.otherSite")).join(" · ")}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t("tokens.until", { when: formatInstant(token.expires_at, undefined) })}
          {" · "}
          {used === null ? t("tokens.neverUsed") : t("tokens.used", { when: formatInstant(used, undefined) })}
        </Text>
      </Stack>
      <Confirm
        size="xs"
        label={t("tokens.revoke")}
        title={t("tokens.revokeTitle", { name })}
        effect={t("tokens.revokeEffect")}
        act={() => revokeToken(token.id)}
      />
    </Box>
  );
}
