import {
  Button,
  Group,
  Input,
  Radio,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, lazy, type ReactNode, Suspense, useState } from "react";
import { Problem } from "../api/problem";
import type { DrawnSignature, NewConsent, TypedSignature } from "../api/schema";
import { ProblemAlert } from "../forms/problem-alert";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n";
import { ErrorState } from "../ui/error-state";
import { part } from "../ui/part";
import { tell } from "../ui/tell";
import { recordConsent, refreshForms, useConsentForms } from "./consent";
import { FormText } from "./form-text";
import { endOf, type Terms, TermsFields } from "./purposes";
import { useWords, type Words } from "./words";

const SignatureField = lazy(part(async () => ({ default: (await import("./signature-pad")).SignatureField })));

const RELATIONSHIPS = ["patient", "parent", "guardian", "representative", "other"] as const;
const WAYS = ["verbal", "written", "other"] as const;

interface CaptureProps {
  patient: string;
  onRecorded: () => void;
}

type Faults = Record<string, string>;

/** Consent is signed here on the form in force, or was given in another way (CON-4). */
export function Capture({ patient, onRecorded }: CaptureProps) {
  const { t } = useWords();
  const [method, setMethod] = useState<"digital" | "external">("digital");
  const Form = method === "digital" ? SignHere : VerifiedElsewhere;
  return (
    <Stack gap="lg">
      <SegmentedControl
        aria-label={t("capture.method")}
        value={method}
        onChange={(chosen) => setMethod(chosen as typeof method)}
        data={(["digital", "external"] as const).map((value) => ({ value, label: t(`capture.${value}`) }))}
      />
      <Form patient={patient} onRecorded={onRecorded} />
    </Stack>
  );
}

function SignHere({ patient, onRecorded }: CaptureProps) {
  const { t, i18n } = useWords();
  const [language, setLanguage] = useState<string>(i18n.language);
  const [signer, setSigner] = useState("");
  const [relationship, setRelationship] = useState<(typeof RELATIONSHIPS)[number]>("patient");
  const [signature, setSignature] = useState<DrawnSignature | TypedSignature | null>(null);
  const { data, error, refetch } = useConsentForms(patient);
  const form = data?.forms.find((one) => one.language === language) ?? data?.forms[0];
  if (form === undefined) {
    return error === null ? <Skeleton h={320} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const check = (): Faults => ({
    ...(signer.trim() === "" && { signer: t("capture.signerNeeded") }),
    ...(signature === null && { signature: t("capture.signatureNeeded") }),
  });
  const given = (): NewConsent["given"] | null =>
    signature === null
      ? null
      : {
          method: "digital",
          language: form.language,
          form_version: form.version,
          signer: signer.trim(),
          relationship,
          signature,
        };
  return (
    <ConsentForm patient={patient} label={t("capture.sign")} check={check} given={given} onRecorded={onRecorded}>
      {(faults, terms) => (
        <>
          <Group justify="space-between" align="center">
            <Input.Label component="div">{t("capture.form")}</Input.Label>
            <SegmentedControl
              size="xs"
              aria-label={t("capture.language")}
              value={form.language}
              onChange={setLanguage}
              data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            />
          </Group>
          <FormText {...form} beside={formBeside(form.version, t)} />
          {terms}
          <Group grow preventGrowOverflow={false} align="flex-start">
            <TextInput
              label={t("capture.signer")}
              value={signer}
              onChange={(event) => setSigner(event.currentTarget.value)}
              error={faults.signer}
              maxLength={200}
              autoComplete="off"
              miw={220}
            />
            <Select
              label={t("capture.relationship")}
              value={relationship}
              onChange={(chosen) => setRelationship(chosen ?? "patient")}
              data={RELATIONSHIPS.map((value) => ({ value, label: t(`capture.relationships.${value}`) }))}
              allowDeselect={false}
              miw={200}
            />
          </Group>
          <Suspense fallback={<Skeleton h={220} />}>
            <SignatureField onChange={setSignature} error={faults.signature} />
          </Suspense>
        </>
      )}
    </ConsentForm>
  );
}

function VerifiedElsewhere({ patient, onRecorded }: CaptureProps) {
  const { t } = useWords();
  const [verified, setVerified] = useState<(typeof WAYS)[number]>("verbal");
  const [notes, setNotes] = useState("");
  const given = (): NewConsent["given"] => ({ method: "external", verified, notes: notes.trim() || null });
  return (
    <ConsentForm patient={patient} label={t("capture.record")} check={() => ({})} given={given} onRecorded={onRecorded}>
      {(_, terms) => (
        <>
          <Radio.Group
            label={t("capture.verified")}
            value={verified}
            onChange={(way) => setVerified(way as typeof verified)}
          >
            <Stack gap="sm" mt="xs">
              {WAYS.map((way) => (
                <Radio
                  key={way}
                  value={way}
                  label={t(`capture.verifiedAs.${way}`)}
                  description={t(`capture.verifiedAbout.${way}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {terms}
          <Textarea
            label={t("capture.notes")}
            value={notes}
            onChange={(event) => setNotes(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
          />
        </>
      )}
    </ConsentForm>
  );
}

interface ConsentFormProps extends CaptureProps {
  label: string;
  /** What is missing, by field. */
  check: () => Faults;
  given: () => NewConsent["given"] | null;
  children: (faults: Faults, terms: ReactNode) => ReactNode;
}

/** What both ways have in common: purposes, an end, and that it is recorded once. */
function ConsentForm({ patient, label, check, given, onRecorded, children }: ConsentFormProps) {
  const { t } = useWords();
  const [terms, setTerms] = useState<Terms>({ purposes: ["care"], lastDay: "" });
  const [faults, setFaults] = useState<Faults>({});
  // repeating what was sent, when its answer was lost, records it once
  const [key, setKey] = useState(() => crypto.randomUUID());
  const recording = useMutation({
    mutationFn: (consent: NewConsent) => recordConsent(patient, consent, key),
    onSuccess: () => {
      tell({ color: "teal", message: t("capture.recorded") });
      onRecorded();
    },
    onError: (error) => {
      if (!(error instanceof Problem) || error.passes) return;
      setKey(crypto.randomUUID());
      if (error.code === "consent_form_changed") refreshForms(patient);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = endOf(terms.lastDay);
    const found: Faults = {
      ...check(),
      ...(terms.purposes.length === 0 && { purposes: t("purposes.needed") }),
      ...(until !== null && Date.parse(until) <= Date.now() && { until: t("untilPast") }),
    };
    setFaults(found);
    const how = given();
    if (Object.keys(found).length === 0 && how !== null) {
      recording.mutate({ purposes: terms.purposes, until, given: how });
    }
  };
  const changed = recording.error instanceof Problem && recording.error.code === "consent_form_changed";
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {children(faults, <TermsFields value={terms} onChange={setTerms} faults={faults} />)}
        {changed ? <Changed /> : <ProblemAlert error={recording.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={recording.isPending}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Changed() {
  const { t } = useWords();
  return (
    <Input.Error role="alert" size="sm">
      {t("capture.formChanged")}
    </Input.Error>
  );
}

/** Which version of a form it is. */
export function formBeside(version: number, t: Words): string {
  return version === 0 ? t("forms.ours") : t("capture.version", { version });
}
