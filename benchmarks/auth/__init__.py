"""What it costs to know who asks: one verification of a password, and session and Actor of a request when cached."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import cast
from uuid import uuid4

from starlette.requests import Request

from benchmarks.auth.disabling import disable_seconds
from benchmarks.rows import Row, bound
from dermfolio.common.auth import ActorSigner, ActorVerifier, public_key
from dermfolio.common.bus import Requests
from dermfolio.contracts.identity import SessionFacts
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.identity import SessionView, SiteRole
from dermfolio.gateway.origin import Origin
from dermfolio.gateway.proxies import Proxies
from dermfolio.gateway.sessions import Sessions
from dermfolio.gateway.visits import REQUEST_ID, Visits
from dermfolio.identity import passwords

VERIFICATIONS = 31
REQUESTS = 5_000
ROUNDS = 5
LEAST_MS, MOST_MS = 150.0, 300.0
"""Of one verification: slower makes guessing dear, faster makes signing in pleasant."""

ORIGIN = "https://photos.clinic.example"
SITES = 12


def rows() -> list[Row]:
    """The figures of this benchmark."""
    argon2 = asyncio.run(_argon2_ms())
    return [
        bound("auth.argon2_ms", argon2, "ms", "Argon2id of one password, at most", MOST_MS),
        bound("auth.argon2_ms_least", argon2, "ms", "the same figure, at least", LEAST_MS, "higher"),
        bound("auth.disable_seconds", asyncio.run(disable_seconds()), "s", "session, token, socket dead", 5.0),
        bound("auth.request_overhead_ms", asyncio.run(_overhead_ms()), "ms", "CPU of session and Actor, cached", 1.0),
    ]


async def _argon2_ms() -> float:
    stored = await passwords.hashed("Corium-Stratum-7!")
    seconds = []
    for _ in range(VERIFICATIONS):
        begun = time.perf_counter()
        assert await passwords.matches(stored, "Corium-Stratum-7!")
        seconds.append(time.perf_counter() - begun)
    return 1000 * statistics.median(seconds)


async def _overhead_ms() -> float:
    """The gateway admits a change, with its cookie and CSRF token; the owner believes the Actor that comes along."""
    seed = bytes(range(32))
    signer = ActorSigner("gateway", seed)
    identity = _Identity()
    sessions = Sessions(cast(Requests, identity), signer)
    visits = Visits(cast(Requests, identity), sessions, Origin(ORIGIN), Proxies(()), per_second=1e6)
    verifier = ActorVerifier({"gateway": public_key(seed)})
    cookies = [f"{n:043}" for n in range(200)]

    async def one(request: Request) -> None:
        visit = await visits.admit(request)
        assert verifier.verify(visit.call.token).user == identity.facts.user

    for request in _requests(cookies, identity.facts, len(cookies)):
        await one(request)
    asked = identity.asked
    per_request = []
    for _ in range(ROUNDS):
        made = list(_requests(cookies, identity.facts, REQUESTS))
        begun = time.process_time()
        for request in made:
            await one(request)
        per_request.append((time.process_time() - begun) / REQUESTS)
    assert identity.asked == asked, "it was not cached"
    return 1000 * statistics.median(per_request)


class _Identity:
    """Answers as identity does, from memory."""

    def __init__(self) -> None:
        self.asked = 0
        self.facts = _facts()

    async def ask(self, *_: object) -> SessionFacts:
        self.asked += 1
        return self.facts


def _facts() -> SessionFacts:
    sites = [SiteRole(site=uuid4(), name="A site", time_zone="UTC", roles=[Role.CLINICIAN]) for _ in range(SITES)]
    user, expires_at = uuid4(), now() + timedelta(hours=12)
    view = SessionView(
        user=user,
        login="clinician",
        display_name="Clinician",
        sites=sites,
        installation_roles=[],
        password_change_required=False,
        csrf_token="C" * 43,
        expires_at=expires_at,
    )
    return SessionFacts(
        session=uuid4(),
        user=user,
        site_roles={site.site: site.roles for site in sites},
        installation_roles=[],
        password_change_required=False,
        expires_at=expires_at,
        view=view,
    )


def _requests(cookies: list[str], facts: SessionFacts, count: int) -> Iterator[Request]:
    for number in range(count):
        headers = {
            "host": "photos.clinic.example",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "accept": "application/json",
            "origin": ORIGIN,
            "sec-fetch-site": "same-origin",
            "x-csrf-token": facts.view.csrf_token,
            "cookie": f"__Host-dermfolio-device={'d' * 43}; __Host-dermfolio={cookies[number % len(cookies)]}",
        }
        yield Request(
            {
                "type": "http",
                "method": "PUT",
                "path": "/api/v1/patients",
                "query_string": b"",
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
                "client": ("192.0.2.7", 40_000),
                REQUEST_ID: f"benchmark-{number}",
            }
        )
