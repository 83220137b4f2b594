"""One's own account: second factor, sessions, trusted devices."""

from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.account import (
    ConfirmSecondFactor,
    EndAllSessions,
    EndSession,
    ForgetDevice,
    GetSecondFactor,
    ListSessions,
    PrepareSecondFactor,
    RemoveSecondFactor,
    RenewRecoveryCodes,
)
from dermfolio.contracts.views.account import (
    AccountSessionsView,
    AppCode,
    CurrentPassword,
    Proof,
    RecoveryCodesView,
    SecondFactorSetupView,
    SecondFactorView,
)
from dermfolio.gateway.asking import NO_STORE, passed_on
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.parameters import DEVICE, SESSION
from dermfolio.gateway.sessions import Sessions
from dermfolio.gateway.visits import Visits

_READING = (*(p for p in READING if p != "second_factor_setup_required"), "session_required")
_CHANGING = (*(p for p in (*CHANGING, *WITH_BODY) if p != "second_factor_setup_required"), "session_required")
"""What users may do before they have set up a second factor that everybody must have."""

_PROVING = ("sign_in_failed", "second_factor_missing", "second_factor_failed", "rate_limited")


class AccountApi:
    """The account of whoever asks."""

    def __init__(self, requests: Requests, visits: Visits, sessions: Sessions, *, secure: bool) -> None:
        self._requests = requests
        self._visits = visits
        self._sessions = sessions
        self._secure = secure

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (*self._of_second_factor(), *self._of_sessions())

    def _of_second_factor(self) -> Sequence[Operation]:
        return (
            Operation(
                "get_second_factor",
                "GET",
                "/account/second-factor",
                "One's own second factor.",
                self.second_factor,
                {200: Success("Its state.", SecondFactorView)},
                _READING,
            ),
            Operation(
                "prepare_second_factor",
                "POST",
                "/account/second-factor",
                "Make a secret for an authenticator app. It counts once a code of the app confirms it.",
                self.prepare_second_factor,
                {200: Success("The secret, shown this once.", SecondFactorSetupView)},
                (*_CHANGING, "sign_in_failed", "second_factor_active", "rate_limited"),
                body=CurrentPassword,
            ),
            Operation(
                "confirm_second_factor",
                "POST",
                "/account/second-factor/confirmation",
                "Have the prepared second factor count from now on.",
                self.confirm_second_factor,
                {200: Success("Recovery codes, shown this once.", RecoveryCodesView)},
                (*_CHANGING, "second_factor_missing", "second_factor_active", "second_factor_failed", "rate_limited"),
                body=AppCode,
            ),
            Operation(
                "renew_recovery_codes",
                "POST",
                "/account/second-factor/recovery-codes",
                "Make new recovery codes. The earlier ones are void.",
                self.renew_recovery_codes,
                {200: Success("Recovery codes, shown this once.", RecoveryCodesView)},
                (*CHANGING, *WITH_BODY, *_PROVING, "session_required"),
                body=Proof,
            ),
            Operation(
                "remove_second_factor",
                "POST",
                "/account/second-factor/removal",
                "Remove one's own second factor. Its recovery codes are void, and no device is trusted any longer.",
                self.remove_second_factor,
                {204: Success("Removed.")},
                (*CHANGING, *WITH_BODY, *_PROVING, "session_required"),
                body=Proof,
            ),
        )

    def _of_sessions(self) -> Sequence[Operation]:
        return (
            Operation(
                "list_sessions",
                "GET",
                "/account/sessions",
                "Where one is signed in, and the browsers one trusts.",
                self.list_sessions,
                {200: Success("Sessions and trusted devices.", AccountSessionsView)},
                (*READING, "session_required"),
            ),
            Operation(
                "end_session",
                "DELETE",
                "/account/sessions/{session}",
                "End one of one's own sessions.",
                self.end_session,
                {204: Success("Ended.")},
                (*CHANGING, "invalid_request", "session_required", "not_found"),
                takes=(SESSION,),
            ),
            Operation(
                "end_all_sessions",
                "DELETE",
                "/account/sessions",
                "Log out of all devices. Every session ends, this one too, and no device is trusted any longer.",
                self.end_all_sessions,
                {204: Success("Ended.", headers={"Clear-Site-Data": "Tells the browser to drop its cache."})},
                (*CHANGING, "session_required"),
            ),
            Operation(
                "forget_device",
                "DELETE",
                "/account/devices/{device}",
                "Trust one of one's own devices no longer.",
                self.forget_device,
                {204: Success("Forgotten.")},
                (*CHANGING, "invalid_request", "session_required", "not_found"),
                takes=(DEVICE,),
            ),
        )

    async def second_factor(self, request: Request) -> Response:
        """Show the second factor."""
        visit = await self._visits.admit(request, before_second_factor=True)
        return passed_on(await self._requests.ask_raw(GetSecondFactor(), visit.call))

    async def prepare_second_factor(self, request: Request) -> Response:
        """Make a secret."""
        visit = await self._visits.admit(request, before_second_factor=True)
        typed = await read_body(request, CurrentPassword)
        asked = PrepareSecondFactor(current_password=SecretStr(typed.current_password))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def confirm_second_factor(self, request: Request) -> Response:
        """Have it count."""
        visit = await self._visits.admit(request, before_second_factor=True)
        typed = await read_body(request, AppCode)
        return passed_on(await self._requests.ask_raw(ConfirmSecondFactor(code=SecretStr(typed.code)), visit.call))

    async def renew_recovery_codes(self, request: Request) -> Response:
        """Make recovery codes."""
        visit = await self._visits.admit(request)
        typed = _proof(await read_body(request, Proof))
        return passed_on(await self._requests.ask_raw(RenewRecoveryCodes(**typed), visit.call))

    async def remove_second_factor(self, request: Request) -> Response:
        """Remove the second factor."""
        visit = await self._visits.admit(request)
        typed = _proof(await read_body(request, Proof))
        await self._requests.ask(RemoveSecondFactor(**typed), visit.call)
        self._sessions.forget(user=visit.visitor.facts.user)
        return Response(None, 204, NO_STORE)

    async def list_sessions(self, request: Request) -> Response:
        """Show sessions and devices."""
        visit = await self._visits.admit(request)
        asked = ListSessions(device_sha256=self._visits.device_sha256(request))
        return passed_on(await self._requests.ask_raw(asked, visit.call))

    async def end_session(self, request: Request) -> Response:
        """End a session."""
        visit = await self._visits.admit(request)
        session = SESSION.of(request)
        await self._requests.ask(EndSession(session=session), visit.call)
        self._sessions.forget(session=session)
        return Response(None, 204, NO_STORE)

    async def end_all_sessions(self, request: Request) -> Response:
        """End all sessions."""
        visit = await self._visits.admit(request)
        await self._requests.ask(EndAllSessions(), visit.call)
        self._sessions.forget(user=visit.visitor.facts.user)
        answer = Response(None, 204, NO_STORE | {"Clear-Site-Data": '"cache"'})
        for cookie in (self._visits.cookie_name, self._visits.device_cookie_name):
            answer.delete_cookie(cookie, secure=self._secure, httponly=True, samesite="strict")
        return answer

    async def forget_device(self, request: Request) -> Response:
        """Forget a device."""
        visit = await self._visits.admit(request)
        await self._requests.ask(ForgetDevice(device=DEVICE.of(request)), visit.call)
        return Response(None, 204, NO_STORE)


def _proof(typed: Proof) -> dict[str, Any]:
    return {
        "current_password": SecretStr(typed.current_password),
        "second_factor": SecretStr(typed.second_factor),
    }
