import { Select, Skeleton, Text, Title } from "@mantine/core";
import { useState } from "react";
import { managesInstallation, managesSite } from "../session/may";
import { useSession } from "../session/session";
import { useSiteNames } from "../session/site-names";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { TagEditor } from "./editor";
import { useTagList } from "./tags";
import { useWords } from "./words";

const INSTALLATION = "installation";

/** The tags that one manages: those of the installation, or of a site. */
export function TagsPage() {
  const { t } = useWords();
  usePageTitle(t("tags"));
  const session = useSession();
  const sites = (useSiteNames() ?? []).filter(({ id }) => managesSite(session, id));
  const wide = managesInstallation(session);
  const [chosen, setChosen] = useState<string | null>(null);
  const whose = chosen ?? (wide ? INSTALLATION : (sites[0]?.id ?? null));
  const site = whose === INSTALLATION ? null : whose;
  const { data, error, refetch } = useTagList(site, { enabled: whose !== null });
  const options = [
    ...(wide ? [{ value: INSTALLATION, label: t("editor.installation") }] : []),
    ...sites.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("tags")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("editor.about")}
      </Text>
      <Select
        label={t("editor.whose")}
        data={options}
        value={whose}
        allowDeselect={false}
        maw={420}
        mb="lg"
        onChange={setChosen}
      />
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={260} />}
      {data !== undefined && <TagEditor list={data} key={whose} />}
    </Page>
  );
}
