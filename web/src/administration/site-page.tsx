import { Skeleton, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { faultsOf } from "../api/problem";
import type { SiteView } from "../api/schema";
import { useDraft } from "../forms/draft";
import { DraftForm } from "../forms/draft-form";
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
  return (
    <DraftForm
      draft={draft}
      save={() => changeSite(site, draft.changes)}
      onSaved={({ name }) => tell({ color: "teal", message: t("administration.sites.saved", { name }) })}
      onStale={onStale}
    >
      {(error) => <SiteFields value={draft.value} faults={faultsOf(error)} onChange={draft.set} />}
    </DraftForm>
  );
}
