import { Radio, Stack, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { EntryView } from "../api/schema";
import { isStale } from "../api/versions";
import { Autosave } from "../saving/autosave";
import { formatted } from "../ui/dates";
import { inWords, tell } from "../ui/tell";
import { changeAppointment, refetchEntry } from "./entries";
import { useWords } from "./words";
import { instantsOf, type WallTime, wallTimeOf } from "./zoned";

interface AppointmentFieldProps {
  entry: EntryView;
  timeZone: string;
  readOnly: boolean;
}

/** When the visit is, as the clocks of the patient's site show it. What is typed is saved by itself. */
export function AppointmentField({ entry, timeZone, readOnly }: AppointmentFieldProps) {
  const { t } = useWords();
  const { typed, type, choose, leave, saving } = useTyped(entry, timeZone);
  const kept = new Date(entry.appointment);
  const shown = typed ?? wallTimeOf(kept, timeZone);
  const possible = instantsOf(shown, timeZone);
  const chosen = saving ?? kept;
  return (
    <Stack gap="xs" w={{ base: "100%", xs: 280 }}>
      <TextInput
        type="datetime-local"
        label={t("appointment.label")}
        description={t("appointment.zone", { zone: timeZone.replaceAll("_", " ") })}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={shown}
        min="1900-01-01T00:00"
        max="2199-12-31T23:59"
        readOnly={readOnly}
        error={isPlausible(shown) ? possible.length === 0 && t("appointment.never") : t("appointment.implausible")}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={leave}
      />
      {possible.length > 1 && !readOnly && (
        <Radio.Group
          label={t("appointment.twice")}
          value={chosen.toISOString().slice(0, 16)}
          onChange={(instant) => choose(new Date(`${instant}Z`))}
        >
          <Stack gap={6} mt={6}>
            {possible.map((instant, place) => (
              <Radio
                key={instant.getTime()}
                value={instant.toISOString().slice(0, 16)}
                label={t(place === 0 ? "appointment.first" : "appointment.second", {
                  zone: offsetOf(instant, timeZone),
                })}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  );
}

/** What is typed and not kept yet; null when what is kept is shown. */
function useTyped(entry: EntryView, timeZone: string) {
  const { t } = useWords();
  const [typed, setTyped] = useState<WallTime | null>(null);
  const [saving, setSaving] = useState<Date | null>(null);
  /** The version that was seen when the change began: what somebody else changed since is not overwritten. */
  const version = useRef<number | null>(null);
  const now = useRef(entry);
  useEffect(() => {
    now.current = entry;
  }, [entry]);
  const done = () => {
    version.current = null;
    setTyped(null);
    setSaving(null);
  };
  const [autosave] = useState(
    () =>
      new Autosave<string>(`appointment ${entry.id}`, {
        async send(appointment) {
          const said = await changeAppointment(entry, appointment, version.current ?? now.current.version);
          version.current = said.version;
          if (!autosave.isNewer) done();
        },
        refused(error) {
          done();
          refetchEntry(entry.patient, entry.id);
          if (isStale(error))
            tell({ color: "yellow", title: t("appointment.stale"), message: t("appointment.staleAbout") });
          else tell({ color: "red", title: t("translation:ui.notDone"), message: inWords(error) });
        },
      }),
  );
  const choose = (instant: Date) => {
    version.current ??= entry.version;
    setSaving(instant);
    autosave.set(instant.toISOString());
  };
  const type = (wall: WallTime) => {
    version.current ??= entry.version;
    setTyped(wall);
    const [instant] = isPlausible(wall) ? instantsOf(wall, timeZone) : [];
    if (instant !== undefined) choose(instant);
    else autosave.forget();
  };
  const leave = () => {
    if (autosave.pending) autosave.flush();
    else done();
  };
  return { typed, saving, type, choose, leave };
}

function isPlausible(wall: WallTime): boolean {
  return wall >= "1900-01-02" && wall < "2199-12-31" && wall.length === 16;
}

function offsetOf(instant: Date, timeZone: string): string {
  const parts = formatted({ hour: "numeric", timeZone, timeZoneName: "shortOffset" }).formatToParts(instant);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
