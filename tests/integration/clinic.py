"""Two users of one site: the administrator, and a colleague who looks at the same patients."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import PatientView
from dermfolio.local.first_admin import USER
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import PREFIX, Api, ApiProblem
from dermfolio.ops.people import engage

from .browser import Browser

COLLEAGUE = "ottilie.quendel"


@dataclass
class Clinic:
    """Its users, each signed in at both gateways, and everything personal that they typed."""

    stack: Stack
    admin: Browser
    colleague: Browser
    password: str
    personal: set[str] = field(default_factory=set)
    """Names, unique ids, file names, passwords, tokens: none may appear in a log."""

    async def new_patient(self) -> UUID:
        """A patient with a name and notes."""
        tag = secrets.token_hex(6)
        typed = {
            "unique_id": f"pat-{tag}",
            "first_name": f"Walburga{tag}",
            "last_name": f"Zinnober{tag}",
            "email": f"walburga.{tag}@example.org",
            "phone": f"+49 170 {int(tag, 16) % 10**9}",
            "notes": f"Juckreiz seit Pfingsten {tag}",
        }
        self.personal |= set(typed.values())
        key = str(uuid4())
        return (await self.admin.insist(lambda api: _create(api, key, typed))).id


async def _create(api: Api, key: str, typed: dict[str, str]) -> PatientView:
    """With an Idempotency-Key, so that repeating it is harmless."""
    headers = {"X-CSRF-Token": api.session.csrf_token if api.session else "", "Idempotency-Key": key}
    async with api.http.post(f"{PREFIX}/patients", json=typed, headers=headers) as answer:
        if answer.status >= 400:
            raise ApiProblem(answer.status, await answer.json())
        return PatientView.model_validate_json(await answer.read())


@asynccontextmanager
async def opened(stack: Stack) -> AsyncIterator[Clinic]:
    """Sign everybody in."""
    if stack.first_admin_password is None:
        raise RuntimeError("a fresh system has no first administrator")
    password = f"Aa1-{secrets.token_urlsafe(16)}"
    async with Api(stack.gateways[0]) as api:
        await api.sign_in(USER, stack.first_admin_password)
        await api.change_password(stack.first_admin_password, password)
        [site] = (await api.sign_in(USER, password)).sites
        await engage(api, COLLEAGUE, password, Role.CLINICIAN, site.site)
    async with AsyncExitStack() as open_browsers:
        admin = await open_browsers.enter_async_context(Browser(stack.gateways, USER, password, seed=1))
        colleague = await open_browsers.enter_async_context(Browser(stack.gateways, COLLEAGUE, password, seed=2))
        clinic = Clinic(stack, admin, colleague, password, {COLLEAGUE, password, stack.first_admin_password})
        for browser in (admin, colleague):
            clinic.personal |= set(browser.secrets())
        yield clinic
