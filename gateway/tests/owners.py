"""Owners of data in miniature: they keep what they are told, and remember who asked what."""
# ruff: noqa: ARG002 - handlers take what handlers take

import asyncio
import base64
import hashlib
import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Handler
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts import account, audit, identity, images, oidc, patients, settings
from dermfolio.contracts.messages import Nothing, Request, now
from dermfolio.contracts.own import CREDENTIAL_MARK
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.account import (
    AccountSessionsView,
    OpenSessionView,
    RecoveryCodesView,
    SecondFactorSetupView,
    SecondFactorView,
    TrustedDeviceView,
)
from dermfolio.contracts.views.audit import TrailPage, VerificationView
from dermfolio.contracts.views.identity import (
    LicenceState,
    LicenceView,
    PersonView,
    SessionView,
    SignInProvider,
    SiteRole,
)
from dermfolio.contracts.views.images import ImageState, ImageView, PoolPage, RenditionView, UploadView
from dermfolio.contracts.views.patients import PatientCard, PatientPage, PatientView
from dermfolio.contracts.views.settings import SettingsView

HOME, ELSEWHERE = uuid4(), uuid4()
PASSWORD = "right password"
PROVIDER_ADDRESS = "https://id.clinic.example/authorize?client_id=dermfolio&state=right-state"
CODE = "123456"
"""What every authenticator app shows."""

USERS: dict[str, tuple[UUID, dict[UUID, list[Role]], list[Role]]] = {
    "clinician": (uuid4(), {HOME: [Role.CLINICIAN]}, []),
    "viewer": (uuid4(), {HOME: [Role.VIEWER]}, []),
    "stranger": (uuid4(), {ELSEWHERE: [Role.CLINICIAN]}, []),
    "both": (uuid4(), {HOME: [Role.CLINICIAN], ELSEWHERE: [Role.CLINICIAN]}, []),
    "admin": (uuid4(), {HOME: [Role.SITE_ADMIN]}, [Role.ADMIN]),
    "newcomer": (uuid4(), {HOME: [Role.CLINICIAN]}, []),
}


def random_token() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


class Owner:
    """What owners have in common."""

    name: str

    def __init__(self) -> None:
        self.asked: list[tuple[Request[Any], Call]] = []
        self.down = False
        self.slow = 0.0
        self.garbled: bytes | None = None
        self.meet: dict[type[Request[Any]], asyncio.Barrier] = {}

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        raise NotImplementedError

    def answers(self) -> dict[type[Request[Any]], Handler]:
        """Its handlers, which take notes."""
        return {request: self._noting(handler) for request, handler in self.handlers().items()}

    def of(self, kind: type[Request[Any]]) -> list[Any]:
        """The requests of one kind so far."""
        return [request for request, _ in self.asked if isinstance(request, kind)]

    def calls(self, kind: type[Request[Any]]) -> list[Call]:
        """Who made the requests of one kind."""
        return [call for request, call in self.asked if isinstance(request, kind)]

    def _noting(self, handler: Handler) -> Handler:
        async def note(request: Request[Any], call: Call) -> Any:
            self.asked.append((request, call))
            if type(request) in self.meet:
                await self.meet[type(request)].wait()
            if self.slow:
                await asyncio.sleep(self.slow)
            if self.down:
                raise Unavailable("its database is down")
            if self.garbled is not None:
                return Answer(self.garbled)
            return await handler(request, call)

        return note


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
            identity.GetLicence: self.get_licence,
            identity.GetInstallation: self.installation,
            identity.GetPerson: self.person,
            settings.GetSettings: self.get_settings,
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

    async def get_licence(self, request: identity.GetLicence, call: Call) -> LicenceView:
        allowed = self.licence in {LicenceState.VALID, LicenceState.EXPIRING}
        return LicenceView(state=self.licence, licensee="A clinic", valid_until=None, uploads_allowed=allowed)


class PatientsOwner(Owner):
    name = "patients"

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[UUID, PatientView] = {}
        self.keys: dict[UUID, bytes] = {}
        self.once: dict[str, tuple[Any, PatientView]] = {}
        self.deleted: set[UUID] = set()

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            patients.CreatePatient: self.create,
            patients.GetPatient: self.get,
            patients.ListPatients: self.list,
            patients.MaySee: self.may_see,
            patients.MayAdmit: self.may_admit,
            patients.GetDataKey: self.data_key,
        }

    def add(self, unique_id: str, site: UUID = HOME, **fields: Any) -> PatientView:
        record = PatientView(
            id=uuid4(),
            unique_id=unique_id,
            site=site,
            image_count=0,
            entry_count=0,
            last_appointment=None,
            last_modified=now(),
            created_at=now(),
            created_by=USERS["clinician"][0],
            version=1,
            **fields,
        )
        self.records[record.id] = record
        self.keys[record.id] = os.urandom(32)
        return record

    def visible(self, patient: UUID, call: Call, permission: Permission = Permission.PATIENT_READ) -> PatientView:
        record = self.records.get(patient)
        if record is None or record.site not in call.actor.site_roles:
            raise Refused("not_found")
        call.need(permission, record.site)
        return record

    async def create(self, request: patients.CreatePatient, call: Call) -> Answer[PatientView]:
        key = request.idempotency_key
        assert key is not None
        if key in self.once:
            body, record = self.once[key]
            if body != request.patient:
                raise Refused("idempotency_key_reused")
            return Answer(record.model_dump_json().encode(), 201, 1)
        taken = next((r for r in self.records.values() if r.unique_id == request.patient.unique_id), None)
        if taken is not None:
            if not call.actor.may(Permission.PATIENT_READ, taken.site):
                raise Refused("unique_id_unavailable")
            raise Refused("unique_id_taken", patient=str(taken.id))
        record = self.add(**request.patient.model_dump(exclude={"site"}))
        self.once[key] = (request.patient, record)
        return Answer(record.model_dump_json().encode(), 201, 1)

    async def get(self, request: patients.GetPatient, call: Call) -> Answer[PatientView]:
        record = self.visible(request.patient, call)
        return Answer(record.model_dump_json().encode(), 200, record.version)

    async def list(self, request: patients.ListPatients, call: Call) -> PatientPage:
        sites = call.actor.sites(Permission.PATIENT_READ)
        cards = [PatientCard(**r.model_dump()) for r in self.records.values() if r.site in sites]
        start = int(request.cursor or 0)
        page = cards[start : start + request.limit]
        more = len(cards) > start + request.limit
        return PatientPage(patients=page, next=str(start + request.limit) if more else None)

    async def may_see(self, request: patients.MaySee, call: Call) -> patients.Admission:
        return patients.Admission(site=self.visible(request.patient, call).site)

    async def may_admit(self, request: patients.MayAdmit, call: Call) -> patients.Admission:
        site = self.visible(request.patient, call, Permission.IMAGE_WRITE).site
        if request.patient in self.deleted:
            raise Refused("patient_deleted")
        return patients.Admission(site=site)

    async def data_key(self, request: patients.GetDataKey, call: Call) -> patients.DataKey:
        call.need_service("gateway")
        return patients.DataKey(key=base64.urlsafe_b64encode(self.keys[request.patient]).decode())


class ImagesOwner(Owner):
    name = "images"

    def __init__(self, records: PatientsOwner) -> None:
        super().__init__()
        self._records = records
        self.uploads: dict[UUID, images.RegisterImage] = {}
        self.objects: dict[tuple[UUID, str], images.StoredObject] = {}
        self.states: dict[UUID, ImageState] = {}

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            images.RegisterImage: self.register,
            images.CheckUpload: self.check,
            images.GetImage: self.get,
            images.ListPool: self.pool,
            images.RetryIngest: self.retry,
            images.LocateRendition: self.locate_rendition,
            images.LocateOriginal: self.locate_original,
        }

    async def check(self, request: images.CheckUpload, call: Call) -> images.UploadKnown:
        known = self.uploads.get(request.image)
        if known is not None and known.patient != request.patient:
            raise Refused("not_found")
        return images.UploadKnown(known=known is not None)

    async def register(self, request: images.RegisterImage, call: Call) -> Answer[UploadView]:
        before = self.uploads.setdefault(request.image, request)
        if before.sha256 != request.sha256:
            raise Refused("image_id_used")
        equal = next(u for u in self.uploads.values() if u.patient == request.patient and u.sha256 == request.sha256)
        outcome, status = ("accepted", 202) if equal.image == request.image else ("duplicate", 200)
        view = UploadView(outcome=outcome, image=self.view(equal))  # type: ignore[arg-type]
        return Answer(view.model_dump_json().encode(), status)

    def view(self, upload: images.RegisterImage) -> ImageView:
        return ImageView(
            id=upload.image,
            patient=upload.patient,
            site=self._records.records[upload.patient].site,
            state=self.states.get(upload.image, ImageState.PROCESSING),
            reason=None,
            message=None,
            file_name=upload.file_name,
            media_type=None,
            bytes=upload.bytes,
            sha256=upload.sha256,
            width=None,
            height=None,
            effective_at=upload.stored_at,
            uploaded_at=upload.stored_at,
            uploaded_by=USERS["clinician"][0],
            capture=None,
            revision=1,
            renditions=[RenditionView(size=320, media_type="image/webp", width=320, height=240, bytes=100)],
        )

    def seen(self, patient: UUID, image: UUID, call: Call) -> images.RegisterImage:
        self._records.visible(patient, call, Permission.IMAGE_READ)
        found = self.uploads.get(image)
        if found is None or found.patient != patient:
            raise Refused("not_found")
        return found

    async def get(self, request: images.GetImage, call: Call) -> Answer[ImageView]:
        view = self.view(self.seen(request.patient, request.image, call))
        return Answer(view.model_dump_json().encode(), 200, 7)

    async def pool(self, request: images.ListPool, call: Call) -> PoolPage:
        self._records.visible(request.patient, call, Permission.IMAGE_READ)
        found = [self.view(u) for u in self.uploads.values() if u.patient == request.patient]
        if request.images is not None:
            found = [view for view in found if view.id in request.images]
        return PoolPage(images=found[: request.limit], total=len(found), next=None)

    async def retry(self, request: images.RetryIngest, call: Call) -> ImageView:
        upload = self.seen(request.patient, request.image, call)
        if self.states.get(request.image) is not ImageState.FAILED:
            raise Refused("image_not_failed")
        self.states[request.image] = ImageState.PROCESSING
        return self.view(upload)

    async def locate_rendition(self, request: images.LocateRendition, call: Call) -> images.StoredObject:
        return self._located(request, str(request.size), call, "image_not_ready")

    async def locate_original(self, request: images.LocateOriginal, call: Call) -> images.StoredObject:
        found = self.seen(request.patient, request.image, call)
        kept = self.objects.get((request.image, "original"))
        return kept or images.StoredObject(
            key=images.original_key(found.image, found.attempt),
            context_revision=0,
            bytes=found.bytes,
            media_type="image/jpeg",
            etag=f'"{found.sha256}"',
            file_name=found.file_name,
        )

    def _located(self, request: Any, name: str, call: Call, missing: str) -> images.StoredObject:
        self._records.visible(request.patient, call, Permission.IMAGE_READ)
        found = self.objects.get((request.image, name))
        if found is None:
            raise Refused(missing)
        return found


class AuditOwner(Owner):
    name = "audit"

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {audit.AppendRecord: self.append, audit.ListTrail: self.list, audit.VerifyTrail: self.verify}

    @property
    def records(self) -> list[audit.AppendRecord]:
        """What the gateway recorded."""
        return self.of(audit.AppendRecord)

    async def append(self, request: audit.AppendRecord, call: Call) -> Nothing:
        return Nothing()

    async def list(self, request: audit.ListTrail, call: Call) -> TrailPage:
        if not call.actor.may(Permission.TRAIL_READ):
            raise Refused("forbidden")
        return TrailPage(records=[], next=None)

    async def verify(self, request: audit.VerifyTrail, call: Call) -> VerificationView:
        if not call.actor.may(Permission.TRAIL_VERIFY):
            raise Refused("forbidden")
        return VerificationView(
            intact=True, records=3, first_broken=None, kind=None, finding="intact", gaps={}, not_asked=[]
        )
