import { Anchor, Input, SegmentedControl, Skeleton, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useSite } from "../administration/sites";
import { faultsOf } from "../api/problem";
import type { ConsentFormView } from "../api/schema";
import { useDraft } from "../forms/draft";
import { DraftForm } from "../forms/draft-form";
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from "../i18n";
import { formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { tell } from "../ui/tell";
import { FormText } from "./form-text";
import { changeConsentForm, useConsentForm } from "./forms";
import { useWords } from "./words";

/** What patients of a site read and sign, in each language; each save is a new version (CON-5). */
export function ConsentFormsPage() {
  const { t, i18n } = useWords();
  usePageTitle(t("forms.title"));
  const { site = "" } = useParams();
  const name = useSite(site).data?.name;
  const [language, setLanguage] = useState<Language>(isLanguage(i18n.language) ? i18n.language : "en");
  const { data: form, error, refetch } = useConsentForm(site, language);
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("forms.title")}
      </Title>
      <Text c="dimmed" mb="lg">
        {name !== undefined && (
          <Anchor component={Link} to={`/administration/sites/${site}`} inherit>
            <bdi>{name}</bdi>
          </Anchor>
        )}
        {name !== undefined && ". "}
        {t("forms.about")}
      </Text>
      <SegmentedControl
        aria-label={t("forms.language")}
        value={language}
        onChange={(chosen) => isLanguage(chosen) && setLanguage(chosen)}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        mb="lg"
      />
      {form === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {form === undefined && error === null && <Skeleton h={420} />}
      {form !== undefined && (
        <FormEditor key={language} form={form} language={language} onStale={() => void refetch()} />
      )}
    </Page>
  );
}

interface FormEditorProps {
  form: ConsentFormView;
  language: Language;
  onStale: () => void;
}

function FormEditor({ form, language, onStale }: FormEditorProps) {
  const { t } = useWords();
  const draft = useDraft({ title: form.title, text: form.text });
  const version =
    form.changed_at === null
      ? t("forms.ours")
      : t("forms.version", { version: form.version, when: formatInstant(form.changed_at, undefined) });
  return (
    <DraftForm
      draft={draft}
      save={() => changeConsentForm(form, language, draft.value)}
      onSaved={(kept) => tell({ color: "teal", message: t("forms.saved", { version: kept.version }) })}
      onStale={onStale}
    >
      {(error) => (
        <>
          <Text size="sm" c="dimmed">
            {version}
          </Text>
          <TextInput
            label={t("forms.formTitle")}
            value={draft.value.title}
            onChange={(event) => draft.set("title", event.currentTarget.value)}
            error={faultsOf(error).title}
            maxLength={200}
            required
            withAsterisk={false}
          />
          <Textarea
            label={t("forms.text")}
            description={t("forms.textAbout")}
            value={draft.value.text}
            onChange={(event) => draft.set("text", event.currentTarget.value)}
            error={faultsOf(error).text}
            autosize
            minRows={10}
            maxRows={24}
            maxLength={10_000}
            required
            withAsterisk={false}
          />
          <Stack gap={6}>
            <Input.Label component="div">{t("forms.preview")}</Input.Label>
            <FormText title={draft.value.title} text={draft.value.text} language={language} order={2} />
          </Stack>
        </>
      )}
    </DraftForm>
  );
}
