"""What happened to somebody at the clinic: visits with notes, consent, tags, sharing, as rows of patients' tables.

All of it lies between two fixed days, so that a seed's people are the same whenever they are invented.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dermfolio.contracts.seeding import SeededSite
from dermfolio.contracts.views.consent import Purpose
from dermfolio.patients.invented.people import chance, id_of, is_doubled, is_duplicate, language_of, one, person
from dermfolio.patients.invented.words import CONSENT_NOTES, PHRASES, REVOKED_BECAUSE

BEGAN, ENDS = datetime(2016, 1, 4, 8, tzinfo=UTC), datetime(2025, 6, 27, 17, tzinfo=UTC)
FAR_AHEAD = datetime(2040, 1, 1, tzinfo=UTC)
"""When consent that is given for a time, and not over, ends at the earliest."""

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]

_VISIT = timedelta(minutes=20)
_RARE = 1 / 10_000


@dataclass(slots=True)
class Invented:
    """Somebody: the row of `patients`, and the rows of other tables by their names."""

    patient: Row
    rows: dict[str, list[Row]] = field(default_factory=dict)
    signed: list[Row] = field(default_factory=list)
    """Those consent events that need a signature: it is sealed under a key that is not invented."""


def invented(seed: int, number: int, sites: Sequence[SeededSite], by: UUID) -> Invented:
    """Number N of a seed, at one of the sites."""
    r = chance(seed, number, "course")
    # a record and its duplicate are of one site, so that the merge shares neither with anybody
    place = chance(seed, number - is_duplicate(number), "site")
    home = sites[int(place.random() ** 1.5 * len(sites))]
    arrived = BEGAN + (ENDS - BEGAN) * (r.random() ** 0.7) * 0.9
    arrived = arrived.replace(hour=8 + int(r.random() * 9))
    tags = [] if is_duplicate(number) else _tags(r, home.tags)
    visits = _visits(r, seed, number, home, arrived, tags, by)
    consents = [] if is_duplicate(number) or is_doubled(number) else _consents(r, seed, number, arrived, by)
    given, until = _standing(consents)
    patient = person(seed, number) | {
        "site": home.site,
        "image_count": 0,
        "entry_count": len(visits),
        "counted_version": 0,
        "tags": sorted(tags),
        "tags_version": len(tags),
        "consent_given": given,
        "consent_until": until,
        "last_appointment": max((visit["appointment"] for visit in visits), default=None),
        "last_modified": max([arrived, *(v["last_modified"] for v in visits), *(c["at"] for c in consents)]),
        "created_at": arrived,
        "created_by": by,
        "version": 1,
        "merged_into": None,
        "merged_at": None,
        "merged_by": None,
        "merge_version": int(is_doubled(number) or is_duplicate(number)),
    }
    if is_duplicate(number):
        patient |= {"merged_into": id_of(seed, number - 1), "merged_at": ENDS, "merged_by": by}
    if is_duplicate(number) or is_doubled(number):
        patient["last_modified"] = ENDS
    return Invented(
        patient,
        {
            "entries": visits,
            "entry_notes_versions": [_noted(visit, by) for visit in visits if visit["notes_version"]],
            "entry_tags": [
                {"entry": v["id"], "tag": tag, "assigned_by": by, "assigned_at": v["appointment"]}
                for v in visits
                for tag in v["tags"]
            ],
            "patient_tags": [
                {"patient": patient["id"], "tag": tag, "assigned_by": by, "assigned_at": arrived} for tag in tags
            ],
            "consent_events": consents,
            "shares": _shares(r, patient, home, sites, by),
        },
        [event for event in consents if event["kind"] == "digital"],
    )


def _tags(r: Random, tags: Sequence[UUID]) -> list[UUID]:
    """The first two tags are common, the last one is rare, each of the others has its part of the people."""
    if len(tags) < 4:
        return [tag for tag in tags if r.random() < 0.2]
    found = [tag for tag, likely in zip(tags, (0.25, 0.2), strict=False) if r.random() < likely]
    if r.random() < 0.6:
        found.append(one(r, tags[2:-1]))
    if r.random() < _RARE:
        found.append(tags[-1])
    return found


def _visits(
    r: Random, seed: int, number: int, home: SeededSite, arrived: datetime, tags: Sequence[UUID], by: UUID
) -> list[Row]:
    """Few of most people, many of a few, on working days between 8 and 17 o'clock at the site."""
    many = r.random() < _RARE
    count = 60 if many else int(8 * r.random() ** 2.2)
    zone, phrases = ZoneInfo(home.time_zone), PHRASES[language_of(seed, number)]
    visits: list[Row] = []
    for nth in range(count):
        day = (arrived + timedelta(3) + (ENDS - arrived - timedelta(3)) * r.random()).date()
        day -= timedelta(max(0, day.weekday() - 4))
        at = datetime.combine(day, time(8 + int(r.random() * 9), 15 * int(r.random() * 4)), zone).astimezone(UTC)
        noted = r.random() < 0.5
        where, size = one(r, phrases.places), 2 + int(r.random() * 18)
        own = [one(r, tags)] if tags and r.random() < 0.1 else []
        text = "\n\n".join((one(r, phrases.reasons), one(r, phrases.findings), one(r, phrases.plans)))
        visits.append(
            {
                "id": id_of(seed, number, f"entry {nth}"),
                "patient": id_of(seed, number),
                "site": home.site,
                "appointment": at,
                "notes": text.format(where=where, size=size) if noted else "",
                "notes_version": int(noted),
                "tags": own,
                "tags_version": len(own),
                "created_by": by,
                "created_at": at,
                "last_modified": at + _VISIT,
                "version": 1,
            }
        )
    return visits


def _noted(visit: Row, by: UUID) -> Row:
    return {
        "entry": visit["id"],
        "version": 1,
        "text": visit["notes"],
        "saved_by": by,
        "saved_at": visit["last_modified"],
    }


def _shares(r: Random, patient: Row, home: SeededSite, sites: Sequence[SeededSite], by: UUID) -> list[Row]:
    others = [site.site for site in sites if site.site != home.site]
    if not others or patient["merge_version"] or r.random() > 0.05:
        return []
    return [{"patient": patient["id"], "site": one(r, others), "shared_by": by, "shared_at": patient["created_at"]}]


def _consents(r: Random, seed: int, number: int, arrived: datetime, by: UUID) -> list[Row]:
    """One of the ways in which consent comes and goes."""
    course = _COURSES[int(r.random() * len(_COURSES))]
    return course(r, _Log(r, seed, number, arrived, by))


@dataclass(slots=True)
class _Log:
    """The events of somebody's consent, in their order."""

    r: Random
    seed: int
    number: int
    at: datetime
    by: UUID
    events: list[Row] = field(default_factory=list)

    def add(self, kind: str, by: UUID | None, **facts: Any) -> Row:
        """Add an event, some time after the one before."""
        version = len(self.events) + 1
        self.at += timedelta(days=1) if version == 1 else timedelta(days=30 + 60 * self.r.random())
        event: Row = {
            "id": id_of(self.seed, self.number, f"consent {version}"),
            "patient": id_of(self.seed, self.number),
            "version": version,
            "kind": kind,
            "at": self.at,
            "by": by,
            "purposes": [],
            "until": None,
            "ends": None,
            "verified": None,
            "notes": None,
            "reason": None,
        } | facts
        self.events.append(event)
        return event

    def verified(self, **facts: Any) -> Row:
        """It was given elsewhere."""
        how, notes = one(self.r, ("written", "verbal", "other")), one(self.r, CONSENT_NOTES)
        facts = {"purposes": self._purposes(), "verified": how, "notes": notes} | facts
        return self.add("external", self.by, **facts)

    def signed(self) -> Row:
        """It was given here; words and signature are put in where they are sealed."""
        return self.add("digital", self.by, purposes=self._purposes())

    def _purposes(self) -> list[str]:
        others = [purpose.value for purpose in list(Purpose)[1:] if self.r.random() < 0.3]
        return [Purpose.CARE.value, *others]


_Course = Callable[[Random, _Log], list[Row]]


def _never(_: Random, log: _Log) -> list[Row]:
    return log.events


def _verified(_: Random, log: _Log) -> list[Row]:
    log.verified()
    return log.events


def _signed(_: Random, log: _Log) -> list[Row]:
    log.signed()
    return log.events


def _for_a_time(r: Random, log: _Log) -> list[Row]:
    log.verified(until=FAR_AHEAD + timedelta(days=int(r.random() * 1000)))
    return log.events


def _not_for_care(_: Random, log: _Log) -> list[Row]:
    log.verified(purposes=[Purpose.TEACHING.value, Purpose.RESEARCH.value])
    return log.events


def _revoked(r: Random, log: _Log) -> list[Row]:
    given = log.verified()
    log.add("revoked", log.by, ends=given["id"], reason=one(r, REVOKED_BECAUSE))
    return log.events


def _expired(_: Random, log: _Log) -> list[Row]:
    given = log.verified()
    ended = log.add("expired", None, ends=given["id"])
    given["until"] = ended["at"] - timedelta(seconds=2)
    return log.events


def _renewed(r: Random, log: _Log) -> list[Row]:
    _revoked(r, log)
    log.verified()
    return log.events


_COURSES: Sequence[_Course] = (
    *[_never] * 10,
    *[_verified] * 20,
    _signed,
    *[_for_a_time] * 3,
    _not_for_care,
    *[_revoked] * 2,
    *[_expired] * 2,
    _renewed,
)
"""The likelier ones are there more often."""


def _standing(consents: Sequence[Row]) -> tuple[bool, datetime | None]:
    """Whether consent is given after these events, and until when."""
    if not consents or Purpose.CARE.value not in consents[-1]["purposes"]:
        return False, None
    return True, consents[-1]["until"]
