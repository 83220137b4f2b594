"""Every event says whether it belongs into somebody's security history."""

from typing import get_args

import pytest

from dermfolio.contracts.audit import KEPT_DIRECTLY
from dermfolio.contracts.catalog import CATALOG, EVENTS_BY_SUBJECT
from dermfolio.contracts.identity import IdentityAccessDenied
from dermfolio.contracts.messages import AccessDenied
from dermfolio.contracts.views.history import AccountEvent, DeniedEvent

CONCERNS = {f"evt.{name}" for name in get_args(AccountEvent)}
NOT_THE_SECURITY_OF_AN_ACCOUNT = {
    "evt.identity.user_changed",  # a name
    "evt.identity.site_opened",
    "evt.identity.site_changed",
    "evt.identity.settings_changed",
    "evt.identity.preferences_changed",  # colours, language
    "evt.identity.licence_installed",
    "evt.identity.licence_refused",
    "evt.identity.licence_state_changed",
}


@pytest.mark.req("AUD-4")
def test_every_event_of_identity_either_concerns_the_security_of_an_account_or_does_not() -> None:
    said = {event.subject for event in CATALOG["identity"].says} - {IdentityAccessDenied.subject}
    assert said == CONCERNS | NOT_THE_SECURITY_OF_AN_ACCOUNT
    assert not CONCERNS & NOT_THE_SECURITY_OF_AN_ACCOUNT


@pytest.mark.parametrize("subject", sorted(CONCERNS))
def test_what_concerns_an_account_names_it(subject: str) -> None:
    assert "user" in EVENTS_BY_SUBJECT[subject].model_fields


def test_the_denials_of_every_service_belong_into_the_history() -> None:
    every = {*EVENTS_BY_SUBJECT.values(), *KEPT_DIRECTLY}
    denied = {event.subject for event in every if issubclass(event, AccessDenied)}
    assert {f"evt.{name}" for name in get_args(DeniedEvent)} == denied
