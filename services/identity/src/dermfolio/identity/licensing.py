"""What a licence file amounts to at a moment (LIC-1). Pure: a file, the keys that are believed and two times in, a
standing out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dermfolio.common.licences import Licence, UnusableError, judged, read
from dermfolio.common.note_keys import VerifierKey
from dermfolio.contracts.views.licence import (
    SENTENCES,
    UPLOADS,
    LicenceDetails,
    LicenceReason,
    LicenceState,
    LicenceView,
    Profile,
)
from dermfolio.identity.settings import IdentitySettings

_STATES = {
    LicenceReason.IN_FORCE: LicenceState.VALID,
    LicenceReason.EXPIRES_SOON: LicenceState.EXPIRING,
    LicenceReason.EXPIRED: LicenceState.EXPIRED,
}
"""The states of licences for this installation; any other reason makes one invalid."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the licence, why, and what the licence says where that can be believed."""

    state: LicenceState
    reason: LicenceReason
    licence: Licence | None = None

    @property
    def sites(self) -> int | None:
        """How many sites there may be; None for any number. Without a licence for this installation, none."""
        if self.licence is None or self.state is LicenceState.INVALID:
            return 0
        return self.licence.sites

    def view(self, *, sites_used: int | None) -> LicenceView:
        """As the API shows it; `sites_used` None to those who do not manage the installation."""
        licence = self.licence
        details = None
        if licence is not None and sites_used is not None:
            details = LicenceDetails(
                id=licence.id,
                licensee=licence.licensee,
                profile=licence.profile,
                sites_allowed=licence.sites,
                valid_from=licence.valid_from,
                issued_at=licence.issued_at,
                key=licence.key,
            )
        return LicenceView(
            state=self.state,
            reason=self.reason,
            message=SENTENCES[self.reason],
            uploads_allowed=self.reason in UPLOADS,
            valid_until=None if licence is None else licence.valid_until,
            sites_used=sites_used,
            details=details,
        )


class Judge:
    """Knows whose licences this installation believes, and for which profile.

    The key of evaluations is believed in evaluations only, whatever the licence says.
    """

    def __init__(self, settings: IdentitySettings) -> None:
        self._profile: Profile = settings.profile
        keys = [VerifierKey.parse(key) for key in settings.licence_keys]
        if settings.evaluation_licence_key is not None and settings.profile == "evaluation":
            keys.append(VerifierKey.parse(settings.evaluation_licence_key))
        self._keys: Sequence[VerifierKey] = keys

    def licence(self, file: str) -> Licence:
        """What a file says. Raises UnusableError."""
        return read(file.encode(), self._keys)

    def standing(self, file: str | None, latest_seen: datetime, moment: datetime) -> Standing:
        """What a file amounts to. `latest_seen` is the latest time that any clock of this installation showed."""
        if file is None:
            reason = LicenceReason.NOT_INSTALLED if self._keys else LicenceReason.NO_VENDOR_KEY
            return Standing(LicenceState.MISSING, reason)
        try:
            licence = self.licence(file)
        except UnusableError as error:
            return Standing(LicenceState.INVALID, error.reason)
        reason = judged(licence, self._profile, moment, latest_seen)
        return Standing(_STATES.get(reason, LicenceState.INVALID), reason, licence)
