import { Anchor, Text } from "@mantine/core";
import type { CSSProperties, KeyboardEvent } from "react";
import { Link } from "react-router";
import type { TrailRecord } from "../api/schema";
import { useSession } from "../session/session";
import { useSiteNames } from "../session/site-names";
import { eventInWords, kindInWords, rolesInWords, shortId } from "./events";
import { EmergencyMark, Outcome, Who } from "./marks";
import classes from "./table.module.css";
import { formatDay, formatSecond } from "./times";
import { useWords } from "./words";

interface TrailRowProps {
  record: TrailRecord;
  index: number;
  /** Whether the keyboard stands here. */
  active: boolean;
  style: CSSProperties;
  onFocus: (index: number) => void;
  onOpen: (record: TrailRecord) => void;
}

/** A record in a line; in a few on a phone. */
export function TrailRow({ record, index, active, style, onFocus, onOpen }: TrailRowProps) {
  const { t } = useWords();
  const site = useSiteNames()?.find(({ id }) => id === record.site)?.name;
  function openByKey(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    onOpen(record);
  }
  return (
    <tr
      aria-rowindex={index + 2}
      tabIndex={active ? 0 : -1}
      data-row={index}
      data-outcome={record.outcome}
      className={classes.row}
      style={style}
      onFocus={() => onFocus(index)}
      onClick={() => onOpen(record)}
      onKeyDown={openByKey}
    >
      <td className={`${classes.cell} ${classes.lines} ${classes.at}`}>
        <time dateTime={record.at}>{formatSecond(record.at)}</time>
        <Text span size="sm" c="dimmed">
          {formatDay(record.at)}
        </Text>
      </td>
      <td className={`${classes.cell} ${classes.lines} ${classes.who}`}>
        <span>
          <Who record={record} />
        </span>
        <Text span size="sm" c="dimmed">
          {rolesInWords(record.roles ?? [], t)}
        </Text>
      </td>
      <td className={`${classes.cell} ${classes.what}`}>
        <span>{eventInWords(record.event)}</span>
        {record.opening != null && <EmergencyMark />}
      </td>
      <td className={`${classes.cell} ${classes.lines} ${classes.object}`}>
        <span>{kindInWords(record.object_kind)}</span>
        <Text span size="sm" c="dimmed" ff="monospace">
          {record.object_id != null && shortId(record.object_id)}
        </Text>
      </td>
      <td className={`${classes.cell} ${classes.patient}`}>
        {record.patient != null && <PatientLink patient={record.patient} site={record.site} />}
      </td>
      <td className={`${classes.cell} ${classes.site}`}>
        <bdi>{site}</bdi>
      </td>
      <td className={`${classes.cell} ${classes.outcome}`}>
        <Outcome outcome={record.outcome} />
      </td>
      <td className={`${classes.cell} ${classes.address}`}>
        <bdi>{record.address}</bdi>
      </td>
    </tr>
  );
}

/** Which patient, by id: the record is opened, which is recorded, only by who wants to see it and may. */
function PatientLink({ patient, site }: { patient: string; site: string | null | undefined }) {
  const sees = useSession().sites.some((held) => held.site === site);
  if (!sees) {
    return (
      <Text span ff="monospace" size="sm">
        {shortId(patient)}
      </Text>
    );
  }
  return (
    <Anchor
      component={Link}
      to={`/patients/${patient}/pool`}
      ff="monospace"
      size="sm"
      onClick={(event) => event.stopPropagation()}
    >
      {shortId(patient)}
    </Anchor>
  );
}
