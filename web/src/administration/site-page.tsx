import { Anchor, Skeleton, Title } from "@mantine/core";
import { Link, useParams } from "react-router";
import { faultsOf } from "../api/problem";
import type { SiteView } from "../api/schema";
import { useWords as useConsentWords } from "../consent/words";
import { useDraft } from "../forms/draft";
import { DraftForm } from "../forms/draft-form";
import { managesSite } from "../session/may";
import { useSession } from "../session/session";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { SiteFields, type SiteTyped } from "./site-fields";
import { changeSite, useSite } from "./sites";
import { useWords } from "./words";

/** The settings of one site, saved when one says so (ORG-1). */
export function SitePage() {
  const { t } = useWords();
  usePageTitle(t("sites.one"));
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
      <WayToForms site={site.id} />
      <SiteForm key={site.id} site={site} onStale={() => void refetch()} />
    </Page>
  );
}

function fieldsOf(site: SiteView): SiteTyped {
  const { name, time_zone, language = "en", letterhead = "", consent_enforcement = "installation" } = site;
  return { name, time_zone, language, letterhead, consent_enforcement };
}

/** What is signed at the site is on a page of its own, for who manages it. */
function WayToForms({ site }: { site: string }) {
  const { t } = useConsentWords();
  if (!managesSite(useSession(), site)) return null;
  return (
    <Anchor component={Link} to={`/administration/sites/${site}/consent-forms`} display="block" mb="lg">
      {t("forms.open")}
    </Anchor>
  );
}

function SiteForm({ site, onStale }: { site: SiteView; onStale: () => void }) {
  const { t } = useWords();
  const draft = useDraft(fieldsOf(site));
  return (
    <DraftForm
      draft={draft}
      save={() => changeSite(site, draft.changes)}
      onSaved={({ name }) => tell({ color: "teal", message: t("sites.saved", { name }) })}
      onStale={onStale}
    >
      {(error) => <SiteFields value={draft.value} faults={faultsOf(error)} onChange={draft.set} />}
    </DraftForm>
  );
}
