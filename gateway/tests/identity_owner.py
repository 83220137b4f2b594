"""identity in miniature: it keeps what it is told, and remembers who asked what."""
# ruff: noqa: ARG002 - handlers take what handlers take

import base64
import hashlib
import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from dermfolio.common.auth import Call
from dermfolio.common.bus import Handler
from dermfolio.common.errors import Refused
from dermfolio.contracts import account, identity, licence, oidc, organisation, settings
from dermfolio.contracts.messages import Nothing, Request, now
from dermfolio.contracts.own import CREDENTIAL_MARK
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.account import (
    AccountSessionsView,
    OpenSessionView,
    RecoveryCodesView,
    SecondFactorSetupView,
    SecondFactorView,
    TrustedDeviceView,
)
from dermfolio.contracts.views.identity import (
    PersonView,
    SessionView,
    SignInProvider,
    SiteRole,
)
from dermfolio.contracts.views.licence import LicenceReason, LicenceState, LicenceView
from dermfolio.contracts.views.organisation import LoginView, UserPage
from dermfolio.contracts.views.settings import SettingsView

from .owner import CODE, GOOD_LINK, PASSWORD, PROVIDER_ADDRESS, USERS, Owner, random_token


class IdentityOwner(Owner):
    name = "identity"

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, identity.SessionFacts] = {}
        self.licence = LicenceState.VALID
        self.settings = SettingsView(
            idle_minutes=30,
            absolute_hours=12,
            second_factor_required=False,
            upload_limit_bytes=16 * 1024 * 1024,
            emergency_minutes=60,
            version=0,
        )
        self.must_change = {"newcomer"}
        self.second_factors: set[str] = set()
        self.must_set_up: set[str] = set()
        self.devices: dict[str, TrustedDeviceView] = {}
        self.retry_after: int | None = None
        self.expires_in = timedelta(hours=12)
        self.clock_is_behind = False
        self.begun = ""
        """The cookie of the sign-in by a provider that was begun last."""

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            identity.SignIn: self.sign_in,
            identity.GetSession: self.session,
            identity.SignOut: self.sign_out,
            identity.ChangePassword: self.change_password,
            licence.GetLicence: self.get_licence,
            licence.InstallLicence: self.install_licence,
            identity.GetInstallation: self.installation,
            identity.GetPerson: self.person,
            settings.GetSettings: self.get_settings,
            organisation.ListUsers: self.list_users,
            organisation.ChoosePasswordByLink: self.choose_password,
            account.GetSecondFactor: self.second_factor,
            account.PrepareSecondFactor: self.prepare,
            account.ConfirmSecondFactor: self.confirm,
            account.RenewRecoveryCodes: self.renew,
            account.RemoveSecondFactor: self.remove,
            account.ListSessions: self.list_sessions,
            account.EndSession: self.end_session,
            account.EndAllSessions: self.end_all,
            account.ForgetDevice: self.forget_device,
            oidc.BeginSignIn: self.begin_sign_in,
            oidc.FinishSignIn: self.finish_sign_in,
        }

    async def installation(self, request: identity.GetInstallation, call: Call) -> identity.Installation:
        providers = [SignInProvider(id="clinic", name="The clinic")]
        return identity.Installation(name="A clinic", sign_in_providers=providers)

    async def begin_sign_in(self, request: oidc.BeginSignIn, call: Call) -> oidc.SignInBegun:
        if request.provider != "clinic":
            raise Refused("not_found")
        self.begun = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        return oidc.SignInBegun(address=PROVIDER_ADDRESS, browser=self.begun)

    async def finish_sign_in(self, request: oidc.FinishSignIn, call: Call) -> identity.SignedIn:
        if request.browser.get_secret_value() != (self.begun or "nobody"):
            raise Refused("provider_sign_in_stale")
        if request.code is None:
            raise Refused("provider_declined")
        return self._opened("clinician")

    async def choose_password(self, request: organisation.ChoosePasswordByLink, call: Call) -> LoginView:
        if request.token_sha256 != hashlib.sha256(GOOD_LINK.encode()).hexdigest():
            raise Refused("link_not_valid")
        return LoginView(login="newcomer")

    async def get_settings(self, request: settings.GetSettings, call: Call) -> SettingsView:
        return self.settings

    async def person(self, request: identity.GetPerson, call: Call) -> PersonView:
        for login, (user, _, _) in USERS.items():
            if user == request.user and call.actor.site_roles:
                return PersonView(id=user, display_name=login.title())
        raise Refused("not_found")

    async def sign_in(self, request: identity.SignIn, call: Call) -> identity.SignedIn:
        if self.retry_after is not None:
            raise Refused("rate_limited", retry_after=self.retry_after)
        if request.login not in USERS or request.password.get_secret_value() != PASSWORD:
            raise Refused("sign_in_failed")
        device = None
        if request.login in self.second_factors and request.device_sha256 not in self.devices:
            device = self.second_step(request)
        return self._opened(request.login, device)

    def _opened(self, login: str, device: str | None = None) -> identity.SignedIn:
        token = random_token()
        facts = self.facts(login)
        self.sessions[hashlib.sha256(token.encode()).hexdigest()] = facts
        return identity.SignedIn(token=token, facts=facts, device=device)

    def second_step(self, request: identity.SignIn) -> str | None:
        if request.second_factor is None:
            raise Refused("second_factor_required")
        if request.second_factor.get_secret_value() != CODE:
            raise Refused("second_factor_failed")
        if not request.trust_device:
            return None
        token, moment = random_token(), now()
        self.devices[hashlib.sha256(token.encode()).hexdigest()] = TrustedDeviceView(
            id=uuid4(),
            this=False,
            trusted_at=moment,
            last_used_at=moment,
            expires_at=moment + timedelta(days=30),
            address=None,
            user_agent=None,
        )
        return token

    def facts(self, login: str) -> identity.SessionFacts:
        user, site_roles, installation = USERS[login]
        must_change, expires_at = login in self.must_change, now() + self.expires_in
        sites = [SiteRole(site=s, name="A site", time_zone="UTC", roles=r) for s, r in site_roles.items()]
        view = SessionView(
            user=user,
            login=login,
            display_name=login.title(),
            sites=sites,
            installation_roles=installation,
            password_change_required=must_change,
            second_factor_setup_required=login in self.must_set_up,
            csrf_token=base64.urlsafe_b64encode(os.urandom(32)).decode(),
            expires_at=expires_at,
        )
        return identity.SessionFacts(
            session=uuid4(),
            user=user,
            site_roles=site_roles,
            installation_roles=installation,
            password_change_required=must_change,
            second_factor_setup_required=login in self.must_set_up,
            expires_at=expires_at,
            view=view,
        )

    def api_token(self, login: str, *scopes: Permission) -> str:
        """A new API token of a user."""
        token = CREDENTIAL_MARK + base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        facts = self.facts(login)
        narrowed = {"scopes": list(scopes), "view": facts.view.model_copy(update={"csrf_token": ""})}
        self.sessions[hashlib.sha256(token.encode()).hexdigest()] = facts.model_copy(update=narrowed)
        return token

    async def session(self, request: identity.GetSession, call: Call) -> identity.SessionFacts:
        call.need_service("gateway")
        facts = self.sessions.get(request.token_sha256)
        if facts is not None and (facts.scopes is not None) != (request.kind == "token"):
            raise Refused("not_signed_in")
        if facts is None or (facts.expires_at <= now() and not self.clock_is_behind):
            raise Refused("not_signed_in")
        return facts

    async def sign_out(self, request: identity.SignOut, call: Call) -> Nothing:
        self.end(call.actor.session)
        return Nothing()

    def end(self, session: UUID | None) -> None:
        self.sessions = {k: f for k, f in self.sessions.items() if f.session != session}

    async def change_password(self, request: identity.ChangePassword, call: Call) -> Nothing:
        if request.current_password.get_secret_value() != PASSWORD:
            raise Refused("sign_in_failed")
        if len(request.new_password.get_secret_value()) < 12:
            raise Refused("weak_password")
        for sha256, facts in list(self.sessions.items()):
            if facts.user == call.user():
                view = facts.view.model_copy(update={"password_change_required": False})
                self.sessions[sha256] = facts.model_copy(update={"password_change_required": False, "view": view})
        return Nothing()

    async def list_users(self, request: organisation.ListUsers, call: Call) -> UserPage:
        return UserPage(users=[], next=None)

    async def second_factor(self, request: account.GetSecondFactor, call: Call) -> SecondFactorView:
        return SecondFactorView(active=False, since=None, recovery_codes_left=0, compulsory=bool(self.must_set_up))

    async def prepare(self, request: account.PrepareSecondFactor, call: Call) -> SecondFactorSetupView:
        if request.current_password.get_secret_value() != PASSWORD:
            raise Refused("sign_in_failed")
        return SecondFactorSetupView(secret="JBSWY3DPEHPK3PXP", uri="otpauth://totp/x", qr_svg="<svg/>")

    async def confirm(self, request: account.ConfirmSecondFactor, call: Call) -> RecoveryCodesView:
        if request.code.get_secret_value() != CODE:
            raise Refused("second_factor_failed")
        for sha256, facts in list(self.sessions.items()):
            if facts.user == call.user():
                self.sessions[sha256] = facts.model_copy(update={"second_factor_setup_required": False})
        return RecoveryCodesView(codes=["a-code"])

    async def renew(self, request: account.RenewRecoveryCodes, call: Call) -> RecoveryCodesView:
        self.proven(request)
        return RecoveryCodesView(codes=["a-code"])

    async def remove(self, request: account.RemoveSecondFactor, call: Call) -> Nothing:
        self.proven(request)
        return Nothing()

    def proven(self, request: account.RenewRecoveryCodes | account.RemoveSecondFactor) -> None:
        if request.current_password.get_secret_value() != PASSWORD:
            raise Refused("sign_in_failed")
        if request.second_factor.get_secret_value() != CODE:
            raise Refused("second_factor_failed")

    async def list_sessions(self, request: account.ListSessions, call: Call) -> AccountSessionsView:
        moment = now()
        sessions = [
            OpenSessionView(
                id=facts.session,
                this=facts.session == call.actor.session,
                opened_at=moment,
                last_seen_at=moment,
                expires_at=facts.expires_at,
                address=None,
                user_agent=None,
            )
            for facts in self.sessions.values()
            if facts.user == call.user()
        ]
        devices = [
            device.model_copy(update={"this": sha256 == request.device_sha256})
            for sha256, device in self.devices.items()
        ]
        return AccountSessionsView(sessions=sessions, devices=devices)

    async def end_session(self, request: account.EndSession, call: Call) -> Nothing:
        if not any(f.session == request.session and f.user == call.user() for f in self.sessions.values()):
            raise Refused("not_found")
        self.end(request.session)
        return Nothing()

    async def end_all(self, request: account.EndAllSessions, call: Call) -> Nothing:
        self.sessions = {k: f for k, f in self.sessions.items() if f.user != call.user()}
        self.devices.clear()
        return Nothing()

    async def forget_device(self, request: account.ForgetDevice, call: Call) -> Nothing:
        if not any(device.id == request.device for device in self.devices.values()):
            raise Refused("not_found")
        self.devices = {k: d for k, d in self.devices.items() if d.id != request.device}
        return Nothing()

    async def get_licence(self, request: licence.GetLicence, call: Call) -> LicenceView:
        allowed = self.licence in {LicenceState.VALID, LicenceState.EXPIRING}
        return LicenceView(
            state=self.licence, reason=LicenceReason.EXPIRED, message="", uploads_allowed=allowed, valid_until=None
        )

    async def install_licence(self, request: licence.InstallLicence, call: Call) -> LicenceView:
        if not call.actor.may(Permission.INSTALLATION_MANAGE):
            raise Refused("forbidden")
        if not request.file.startswith("dermfolio licence"):
            raise Refused("licence_file_not_a_licence")
        self.licence = LicenceState.VALID
        return await self.get_licence(licence.GetLicence(), call)
