"""Hints that may be lost."""

from dermfolio.contracts.messages import Live


class _OutboxFilled(Live):
    """A transaction of this service committed rows to its outbox: its relay may look at once."""


class IdentityOutboxFilled(_OutboxFilled):
    """identity's relay may look."""

    subject = "live.identity.outbox"


class PatientsOutboxFilled(_OutboxFilled):
    """patients' relay may look."""

    subject = "live.patients.outbox"


class ImagesOutboxFilled(_OutboxFilled):
    """images' relay may look."""

    subject = "live.images.outbox"


class RegistrationOutboxFilled(_OutboxFilled):
    """registration's relay may look."""

    subject = "live.registration.outbox"


OUTBOX_FILLED: dict[str, type[Live]] = {
    m.owner(): m for m in (IdentityOutboxFilled, PatientsOutboxFilled, ImagesOutboxFilled, RegistrationOutboxFilled)
}


class _FactsNumbered(Live):
    """The relay of this service has numbered facts: its followers may ask for them."""


class IdentityFactsNumbered(_FactsNumbered):
    """Followers of identity may ask."""

    subject = "live.identity.facts"


class PatientsFactsNumbered(_FactsNumbered):
    """Followers of patients may ask."""

    subject = "live.patients.facts"


class ImagesFactsNumbered(_FactsNumbered):
    """Followers of images may ask."""

    subject = "live.images.facts"


class RegistrationFactsNumbered(_FactsNumbered):
    """Followers of registration may ask."""

    subject = "live.registration.facts"


FACTS_NUMBERED: dict[str, type[Live]] = {
    m.owner(): m for m in (IdentityFactsNumbered, PatientsFactsNumbered, ImagesFactsNumbered, RegistrationFactsNumbered)
}
