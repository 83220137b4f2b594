"""Patients as lists show them: which columns, and a page made of them by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dermfolio.common.page_sql import instant

PLAIN = "id, unique_id, site, first_name, last_name, preferred_name, date_of_birth, image_count, entry_count, tags"
"""What of a row a card shows as it is."""

FOR_CONSENT = "consent_given, consent_until"
LISTED = "deleted_at IS NULL AND merged_into IS NULL"
"""Who is listed at all: no one deleted, and no alias."""

CARD = f"""{PLAIN},
    CASE WHEN consent_given AND (consent_until > now()) IS NOT FALSE THEN 'given' ELSE 'missing' END AS consent,
    {instant("last_appointment")} AS last_appointment, {instant("last_modified")} AS last_modified"""

AS_JSON = "convert_to(coalesce(json_agg(card)::text, '[]'), 'UTF8') AS cards"
"""A page of cards in its order, as bytes: a row as JSON costs less than a list of names and values."""

AGGREGATED = f"coalesce(array_agg(card.id), '{{}}') AS ids, coalesce(array_agg(card.site), '{{}}') AS homes, {AS_JSON}"
"""A page of cards, and whom they show."""

OF_PATIENT = ", ".join(f"patients.{name}" for name in f"{PLAIN}, {FOR_CONSENT}, last_appointment".split(", "))
"""What of a patient a card shows, where another table has columns of these names."""

LISTED_OF_PAGE = """
    SELECT gen_random_uuid() AS id, concat('"site":"', site, '","patients":', json_agg(id)) AS said
    FROM page GROUP BY site
    UNION ALL SELECT gen_random_uuid(), '"site":null,"patients":[]' WHERE NOT EXISTS (SELECT FROM page)
"""
"""What the trail says of a page: to each home site, which of its patients were shown."""

Behind = tuple[datetime, UUID] | None
"""When the last one of a page was modified, and its id, when more follow of a list in that order."""


@dataclass(frozen=True, slots=True)
class Cards:
    """A page of patients: their ids, and their PatientCards as a JSON array."""

    ids: Sequence[UUID]
    homes: Sequence[UUID]
    """The home site of each."""

    cards: bytes
