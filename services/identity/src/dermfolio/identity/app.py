"""Composition root of identity."""

from functools import partial

from dermfolio.common.host import Parts
from dermfolio.common.outbox import replay
from dermfolio.common.service import Service
from dermfolio.contracts.identity import (
    ChangePassword,
    GetInstallation,
    GetLicence,
    GetPerson,
    GetSession,
    IdentityAccessDenied,
    SignIn,
    SignOut,
)
from dermfolio.contracts.replay import ReplayIdentity
from dermfolio.identity.first_start import ensure_first_admin
from dermfolio.identity.handlers import Handlers
from dermfolio.identity.settings import IdentitySettings


def service(settings: IdentitySettings, parts: Parts) -> Service:
    """Say what identity is made of."""
    h = Handlers(parts.db, settings)
    return Service(
        "identity",
        answers={
            SignIn: h.sign_in,
            GetSession: h.session,
            SignOut: h.sign_out,
            ChangePassword: h.change_password,
            GetLicence: h.licence,
            GetInstallation: h.installation,
            GetPerson: h.person,
            ReplayIdentity: replay(parts.db, ["audit"]),
        },
        denied=IdentityAccessDenied,
        on_start=partial(ensure_first_admin, parts.db, settings),
    )
