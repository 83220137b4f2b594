"""Signing in and out, and one's own password."""

from collections.abc import Sequence

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.contracts.account import DEVICE_TRUSTED
from dermfolio.contracts.identity import ChangePassword, SignIn, SignOut
from dermfolio.contracts.views.identity import Credentials, NewPassword, SessionView
from dermfolio.gateway.asking import NO_STORE
from dermfolio.gateway.bodies import read_body
from dermfolio.gateway.operations import CHANGING, READING, WITH_BODY, Operation, Success
from dermfolio.gateway.sessions import Sessions
from dermfolio.gateway.visits import Visits

_LATER = {"password_change_required", "second_factor_setup_required"}
_READING = tuple(p for p in READING if p not in _LATER)
_CHANGING = (*(p for p in CHANGING if p not in _LATER), "session_required")
"""What users may do before they have chosen a password."""

_SIGN_IN = ("sign_in_failed", "second_factor_required", "second_factor_failed")


class SessionApi:
    """The session of the cookie."""

    def __init__(self, requests: Requests, visits: Visits, sessions: Sessions, *, secure: bool) -> None:
        self._requests = requests
        self._visits = visits
        self._sessions = sessions
        self._secure = secure

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        cookies = "The session's cookie, and that of a browser which is trusted from now on: HttpOnly."
        signed_in = Success("The session.", SessionView, headers={"Set-Cookie": cookies})
        return (
            Operation(
                "sign_in",
                "POST",
                "/session",
                "Sign in. The answer sets the session's cookie and holds the token that changes need in X-CSRF-Token."
                " Who has a second factor sends it along, or after 'second_factor_required'.",
                self.sign_in,
                {200: signed_in},
                (*WITH_BODY, *_SIGN_IN, "csrf_failed", "rate_limited", "unavailable"),
                body=Credentials,
            ),
            Operation(
                "get_session",
                "GET",
                "/session",
                "The signed-in user.",
                self.get,
                {200: Success("The session.", SessionView)},
                _READING,
            ),
            Operation(
                "sign_out",
                "DELETE",
                "/session",
                "Sign out. The session ends everywhere at once, and the browser drops what it cached.",
                self.sign_out,
                {204: Success("Signed out.", headers={"Clear-Site-Data": "Tells the browser to drop its cache."})},
                _CHANGING,
            ),
            Operation(
                "change_password",
                "PUT",
                "/account/password",
                "Change one's own password. Every other session of the user ends, and no device is trusted any longer.",
                self.change_password,
                {204: Success("Changed.")},
                (*_CHANGING, *WITH_BODY, "sign_in_failed", "weak_password"),
                body=NewPassword,
            ),
        )

    async def sign_in(self, request: Request) -> Response:
        """Open a session and set its cookie."""
        call = await self._visits.admit_stranger(request)
        typed = await read_body(request, Credentials)
        asked = SignIn(
            login=typed.login,
            password=SecretStr(typed.password),
            second_factor=None if typed.second_factor is None else SecretStr(typed.second_factor),
            trust_device=typed.trust_device,
            device_sha256=self._visits.device_sha256(request),
        )
        signed_in = await self._requests.ask(asked, call)
        answer = Response(signed_in.facts.view.model_dump_json(), 200, NO_STORE, "application/json")
        self._visits.set_cookie(answer, self._visits.cookie_name, signed_in.token)
        if signed_in.device is not None:
            self._visits.set_cookie(answer, self._visits.device_cookie_name, signed_in.device, DEVICE_TRUSTED)
        return answer

    async def get(self, request: Request) -> Response:
        """Show the session."""
        visit = await self._visits.admit(request, before_password_change=True)
        return Response(visit.visitor.facts.view.model_dump_json(), 200, NO_STORE, "application/json")

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        visit = await self._visits.admit(request, before_password_change=True)
        await self._requests.ask(SignOut(), visit.call)
        self._sessions.forget(session=visit.visitor.facts.session)
        answer = Response(None, 204, NO_STORE | {"Clear-Site-Data": '"cache"'})
        answer.delete_cookie(self._visits.cookie_name, secure=self._secure, httponly=True, samesite="strict")
        return answer

    async def change_password(self, request: Request) -> Response:
        """Change the password."""
        visit = await self._visits.admit(request, before_password_change=True)
        typed = await read_body(request, NewPassword)
        await self._requests.ask(
            ChangePassword(
                current_password=SecretStr(typed.current_password), new_password=SecretStr(typed.new_password)
            ),
            visit.call,
        )
        self._sessions.forget(user=visit.visitor.facts.user)
        return Response(None, 204, NO_STORE)
