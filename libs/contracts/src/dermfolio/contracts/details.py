"""What patients answers and says of changes to a patient's details (PAT-6)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.details import PatientChanges
from dermfolio.contracts.views.patients import PatientView

Detail = Literal[
    "unique_id",
    "first_name",
    "middle_name",
    "last_name",
    "preferred_name",
    "date_of_birth",
    "sex",
    "gender",
    "email",
    "phone",
    "address",
    "record_numbers",
    "referring_physician",
    "phototype",
    "notes",
]
"""A field of a patient's details."""


class ChangePatient(Request[PatientView]):
    """Change a patient whose details are still at this version."""

    subject = "rpc.patients.change"
    repeatable = False
    patient: UUID
    changes: PatientChanges
    version: int


class PatientChanged(Event):
    """These fields of a patient's details have other values."""

    subject = "evt.patients.changed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "patient"
    fields: list[Detail]
    version: int


ASKED: tuple[type[Request[Any]], ...] = (ChangePatient,)
"""What patients answers of this to users."""

SAID = (PatientChanged,)
"""What patients says of this."""
