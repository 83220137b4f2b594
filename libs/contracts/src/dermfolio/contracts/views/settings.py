"""Settings of the whole installation, as administrators see and change them."""

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MEGABYTE = 1024 * 1024

AuditLevel = Literal["essential", "comprehensive"]
"""How much the audit trail records: everything, or all but reads that change nothing (`contracts/vocabulary.py`)."""

ConsentEnforcement = Literal["disabled", "advisory", "required"]
"""What a missing consent to photography means: nothing, a banner, or that no photograph may be added (CON-1)."""

EffectiveDateFrom = Literal["upload", "capture"]
"""What the effective date of a new photograph is: the time of its upload, or of its capture where the file says one."""

SiteConsentEnforcement = Literal["installation", "disabled", "advisory", "required"]
"""The same at a site; `installation`: what holds for the whole installation."""


class InstallationSettings(BaseModel):
    """What an administrator decides for everybody."""

    idle_minutes: int = Field(ge=1, le=24 * 60, description="A session without use ends after so many minutes.")
    absolute_hours: int = Field(ge=1, le=30 * 24, description="Every session ends after so many hours.")
    second_factor_required: bool = Field(description="Whether everybody must set up a second factor to work.")
    upload_limit_bytes: int = Field(ge=MEGABYTE, le=64 * MEGABYTE, description="The largest file that is accepted.")
    emergency_minutes: int = Field(
        60, ge=5, le=24 * 60, description="Emergency access to a patient of another site ends after so many minutes."
    )
    audit_level: AuditLevel = Field(
        "comprehensive",
        description="`comprehensive`: everything is recorded in the audit trail. `essential`: everything but looking "
        "at patients and photographs, unless the patient is shared with another site or opened in an emergency.",
    )
    consent_enforcement: ConsentEnforcement = Field(
        "disabled",
        description="What a missing consent to photography means, where a site does not decide otherwise. `disabled`: "
        "nothing. `advisory`: a banner. `required`: no photograph can be added.",
    )
    effective_date_from: EffectiveDateFrom = Field(
        "upload",
        description="The effective date of photographs from now on. `upload`: when they were uploaded. `capture`: when "
        "they were taken, by the camera's clock in the time zone of the patient's site, where the file says so; a time "
        "that has not come is not believed.",
    )

    @property
    def idle(self) -> timedelta:
        """How long a session lives without use."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def emergency(self) -> timedelta:
        """How long emergency access to a patient lasts."""
        return timedelta(minutes=self.emergency_minutes)

    @property
    def absolute(self) -> timedelta:
        """How long a session lives at most."""
        return timedelta(hours=self.absolute_hours)


class SettingsView(InstallationSettings):
    """The settings that are in force. `version` 0: nobody has changed them yet."""

    version: int = Field(ge=0)


class SettingsChanges(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    idle_minutes: int | None = Field(None, ge=1, le=24 * 60)
    absolute_hours: int | None = Field(None, ge=1, le=30 * 24)
    second_factor_required: bool | None = None
    upload_limit_bytes: int | None = Field(None, ge=MEGABYTE, le=64 * MEGABYTE)
    emergency_minutes: int | None = Field(None, ge=5, le=24 * 60)
    audit_level: AuditLevel | None = None
    consent_enforcement: ConsentEnforcement | None = None
    effective_date_from: EffectiveDateFrom | None = None
