import { Skeleton, Stack, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { faultsOf } from "../api/problem";
import type { SiteView } from "../api/schema";
import { isStale } from "../api/versions";
import { useDraft } from "../forms/draft";
import { SaveBar } from "../forms/save-bar";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { SiteFields, type SiteTyped } from "./site-fields";
import { changeSite, useSite } from "./sites";

/** The settings of one site, saved when one says so (ORG-1). */
export function SitePage() {
  const { t } = useTranslation();
  usePageTitle(t("administration.sites.one"));
  const { data: site, error, refetch } = useSite(useParams().site ?? "");
  if (site === undefined) {
    return (
      <Page narrow>
        {error === null ? <Skeleton h={520} /> : <ErrorState error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  return (
    <Page narrow>
      <Title order={1} mb="lg">
        <bdi>{site.name}</bdi>
      </Title>
      <SiteForm key={site.id} site={site} onStale={() => void refetch()} />
    </Page>
  );
}

function fieldsOf({ name, time_zone, language = "en", letterhead = "" }: SiteView): SiteTyped {
  return { name, time_zone, language, letterhead };
}

function SiteForm({ site, onStale }: { site: SiteView; onStale: () => void }) {
  const { t } = useTranslation();
  const draft = useDraft(fieldsOf(site));
  const save = useMutation({
    mutationFn: () => changeSite(site, draft.changes),
    onSuccess: ({ name }) => {
      draft.discard();
      tell({ color: "teal", message: t("administration.sites.saved", { name }) });
    },
    onError: (error) => {
      if (isStale(error)) onStale();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <SiteFields value={draft.value} faults={faultsOf(save.error)} onChange={draft.set} />
      </Stack>
      <SaveBar
        count={draft.count}
        saving={save.isPending}
        error={save.error}
        onDiscard={() => {
          draft.discard();
          save.reset();
        }}
      />
    </form>
  );
}
