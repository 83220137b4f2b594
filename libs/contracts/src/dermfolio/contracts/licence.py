"""What identity answers and says of the licence (LIC-1)."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.licence import LicenceReason, LicenceState, LicenceView


class GetLicence(Request[LicenceView]):
    """The state of the licence at this moment; what it says, for who manages the installation."""

    subject = "rpc.identity.licence"


class InstallLicence(Request[LicenceView]):
    """Put a licence file in the place of the one that is installed. Installing the same file again changes nothing."""

    subject = "rpc.identity.install_licence"
    file: str


class _AboutLicence(Event):
    """Something happened to the licence, which is named by the id it was issued under."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "licence"
    licence: UUID | None


class LicenceInstalled(_AboutLicence):
    """This licence is the installed one."""

    subject = "evt.identity.licence_installed"


class LicenceRefused(_AboutLicence):
    """A file was to be installed and is no licence for this installation; `code` is the problem's. What the file calls
    itself is not believed: `licence` is null.
    """

    subject = "evt.identity.licence_refused"
    action: ClassVar[Action] = "E"
    licence: UUID | None = None
    code: str
    outcome: Literal["success", "denied", "failure"] = "failure"


class LicenceStateChanged(_AboutLicence):
    """The licence is in another state than before."""

    subject = "evt.identity.licence_state_changed"
    state: LicenceState
    reason: LicenceReason


ASKED: tuple[type[Request[Any]], ...] = (GetLicence, InstallLicence)
"""What identity answers of this."""

SAID = (LicenceInstalled, LicenceRefused, LicenceStateChanged)
"""What identity says of this."""
