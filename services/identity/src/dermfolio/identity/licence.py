"""The licence (LIC-1). Without a signed licence file only an evaluation may take uploads."""

from dermfolio.contracts.views.identity import LicenceState, LicenceView
from dermfolio.identity.settings import IdentitySettings


def current(settings: IdentitySettings) -> LicenceView:
    """The state of the licence now."""
    if settings.profile == "evaluation":
        return LicenceView(state=LicenceState.VALID, licensee="Evaluation", valid_until=None, uploads_allowed=True)
    return LicenceView(state=LicenceState.MISSING, licensee=None, valid_until=None, uploads_allowed=False)
