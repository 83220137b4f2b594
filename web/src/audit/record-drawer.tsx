import { Anchor, Text, Title } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { browserName } from "../account/browser";
import type { TrailRecord } from "../api/schema";
import { CopyIcon } from "../forms/copy-icon";
import { useSession } from "../session/session";
import { useSiteNames } from "../session/site-names";
import { Fact, Facts } from "../ui/fact-list";
import { eventInWords, kindInWords, reasonInWords, rolesInWords } from "./events";
import { type Filters, isObjectId } from "./filters";
import { EmergencyMark, Outcome, Person, Who } from "./marks";
import { Panel } from "./panel";
import classes from "./record-drawer.module.css";
import { formatExactly } from "./times";
import { useWords } from "./words";

interface RecordDrawerProps {
  record: TrailRecord | null;
  onClose: () => void;
  onFilter: (filters: Filters) => void;
}

/** All that a record says: in words, as it is, and the way to others like it. */
export function RecordDrawer({ record, onClose, onFilter }: RecordDrawerProps) {
  const { t } = useWords();
  function only(filters: Filters): void {
    onClose();
    onFilter(filters);
  }
  return (
    <Panel
      opened={record !== null}
      title={record === null ? "" : t("details.title", { position: record.position })}
      closeLabel={t("details.close")}
      onClose={onClose}
    >
      {record !== null && (
        <>
          <What record={record} only={only} />
          <Actor record={record} only={only} />
          <Target record={record} only={only} />
          <Place record={record} only={only} />
          <Proof record={record} />
        </>
      )}
    </Panel>
  );
}

interface PartProps {
  record: TrailRecord;
  only: (filters: Filters) => void;
}

function What({ record, only }: PartProps) {
  const { t } = useWords();
  return (
    <>
      <div className={classes.head}>
        <Title order={2}>{eventInWords(record.event)}</Title>
        <Outcome outcome={record.outcome} />
        {record.opening != null && <EmergencyMark />}
      </div>
      <Facts title={t("details.what")}>
        <Fact name={t("details.reason")}>{reasonInWords(record)}</Fact>
        <Fact name={t("details.at")}>{formatExactly(record.at)}</Fact>
        <Fact name={t("details.action")}>{t(`actions.${record.action}`)}</Fact>
        <Fact name={t("details.event")}>
          <Id value={record.event} />
          <Others name="event" value={record.event} only={only} />
        </Fact>
      </Facts>
    </>
  );
}

function Actor({ record, only }: PartProps) {
  const { t } = useWords();
  return (
    <Facts title={t("details.who")}>
      <Fact name={t("details.by")}>
        {record.user != null ? (
          <>
            <Person user={record.user} />
            <Others name="user" value={record.user} only={only} />
          </>
        ) : (
          <Who record={record} />
        )}
      </Fact>
      <Fact name={t("details.userId")}>{idOf(record.user)}</Fact>
      <Fact name={t("details.roles")}>{rolesInWords(record.roles ?? [], t) || null}</Fact>
      <Fact name={t("details.opening")}>{idOf(record.opening)}</Fact>
      <Fact name={t("details.session")}>{idOf(record.session)}</Fact>
    </Facts>
  );
}

function Target({ record, only }: PartProps) {
  const { t } = useWords();
  const site = useSiteNames()?.find(({ id }) => id === record.site)?.name;
  const sees = useSession().sites.some((held) => held.site === record.site);
  const { patient, object_id } = record;
  return (
    <Facts title={t("details.which")}>
      <Fact name={t("details.object")}>{kindInWords(record.object_kind)}</Fact>
      <Fact name={t("details.objectId")}>
        {object_id != null && (
          <>
            <Id value={object_id} />
            {isObjectId(object_id) && <Others name="object_id" value={object_id} only={only} />}
          </>
        )}
      </Fact>
      <Fact name={t("details.patient")}>
        {patient != null && (
          <>
            <Id value={patient} />
            {sees && (
              <Anchor component={Link} to={`/patients/${patient}/pool`} size="sm" display="block">
                {t("details.openPatient")}
              </Anchor>
            )}
            <Others name="patient" value={patient} only={only} />
          </>
        )}
      </Fact>
      <Fact name={t("details.site")}>{record.site != null && <bdi>{site ?? record.site}</bdi>}</Fact>
    </Facts>
  );
}

function Place({ record: { address, user_agent, request_id, caused_by }, only }: PartProps) {
  const { t } = useWords();
  return (
    <Facts title={t("details.where")}>
      <Fact name={t("details.address")}>
        {address != null && (
          <>
            <Id value={address} />
            <Others name="address" value={address} only={only} />
          </>
        )}
      </Fact>
      <Fact name={t("details.program")}>{user_agent != null && <bdi>{browserName(user_agent)}</bdi>}</Fact>
      <Fact name={t("details.requestId")}>{idOf(request_id)}</Fact>
      <Fact name={t("details.causedBy")}>{idOf(caused_by)}</Fact>
    </Facts>
  );
}

function Proof({ record }: { record: TrailRecord }) {
  const { t } = useWords();
  return (
    <>
      <Facts title={t("details.proof")}>
        <Fact name={t("details.position")}>{record.position}</Fact>
        <Fact name={t("details.id")}>{idOf(record.id)}</Fact>
        <Fact name={t("details.recordedAt")}>{formatExactly(record.recorded_at)}</Fact>
      </Facts>
      <Title order={3} mt="lg" mb={6}>
        {t("details.raw")}
      </Title>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre className={classes.raw} tabIndex={0}>
        {JSON.stringify(record, null, 2)}
      </pre>
    </>
  );
}

function idOf(value: string | null | undefined): ReactNode {
  return value != null && <Id value={value} />;
}

/** An id in full, to copy. */
function Id({ value }: { value: string }) {
  const { t } = useWords();
  return (
    <span className={classes.id}>
      <bdi>{value}</bdi>
      <CopyIcon value={value} label={t("translation:ui.copy")} copiedLabel={t("translation:ui.copied")} of={value} />
    </span>
  );
}

interface OthersProps {
  name: "user" | "patient" | "object_id" | "address" | "event";
  value: string;
  only: (filters: Filters) => void;
}

/** The way to all records that have this in common. */
function Others({ name, value, only }: OthersProps) {
  const { t } = useWords();
  return (
    <Anchor component="button" type="button" size="sm" display="block" onClick={() => only({ [name]: value })}>
      <Text span inherit display="inline-flex" style={{ alignItems: "center", gap: 4 }}>
        <IconFilter size={13} stroke={1.8} aria-hidden />
        {t(`details.all.${name}`)}
      </Text>
    </Anchor>
  );
}
