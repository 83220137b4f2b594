"""What else goes on in a clinic while photographs are uploaded: looking, signing in and out, and what is refused."""

import asyncio
from itertools import cycle
from uuid import UUID

from dermfolio.ops.api_client import PREFIX, Api, ApiProblem

from .browser import Browser
from .clinic import COLLEAGUE, Clinic


class Routine:
    """Goes on until stopped. `denials` are the ids of requests that a gateway refused, as their client saw it."""

    def __init__(self, clinic: Clinic, patient: UUID) -> None:
        self.denials: list[str] = []
        self._clinic, self._patient = clinic, patient
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stop.set()

    async def go_on(self, *, pause: float = 0.8) -> None:
        """Return once stopped."""
        for gateway in cycle(self._clinic.stack.gateways):
            if self._stop.is_set():
                return
            await self._clinic.colleague.insist(lambda api: api.get_patient(self._patient))
            await self._clinic.colleague.insist(lambda api: api.whole_pool(self._patient))
            self.denials.append(await self._clinic.admin.insist(_without_token))
            async with Browser([gateway], COLLEAGUE, self._clinic.password) as visitor:
                self._clinic.personal |= visitor.secrets()
                await visitor.insist(_sign_out)
            await asyncio.sleep(pause)


async def _sign_out(api: Api) -> None:
    try:
        await api.sign_out()
    except ApiProblem as problem:
        if problem.code != "not_signed_in":  # as after a sign-out whose answer was lost
            raise


async def _without_token(api: Api) -> str:
    """Change something without the token that proves who asks; returns the id of the refused request."""
    async with api.http.post(f"{PREFIX}/patients", json={"unique_id": "csrf"}) as answer:
        problem = await answer.json()
        if problem.get("code") != "csrf_failed":
            raise ApiProblem(answer.status, problem)
        return str(problem["request_id"])
