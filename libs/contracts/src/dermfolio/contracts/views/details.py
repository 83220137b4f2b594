"""Changes to a patient's details as the API takes them (PAT-6)."""

from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer

from dermfolio.contracts.views.patients import PatientFields, RecordNumber, UniqueId


class PatientChanges(PatientFields):
    """What to change of a patient. What is left out stays; null takes a value away."""

    unique_id: UniqueId | None = None
    record_numbers: list[RecordNumber] | None = Field(None, max_length=20)  # type: ignore[assignment] # may be left out

    @field_validator("unique_id", "record_numbers")
    @classmethod
    def _stays_there(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("cannot be taken away; leave it out to keep it")
        return value

    @model_serializer(mode="wrap")
    def _what_was_said(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keep what was left out apart from what is to be taken away, on the bus too."""
        return {name: value for name, value in plain(self).items() if name in self.model_fields_set}
