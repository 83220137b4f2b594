"""`demo [PHOTO…]`: photographs through the public API, from the first request to the verified trail."""

import argparse
import asyncio
import mimetypes
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import aiohttp

from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops import signing_in
from dermfolio.ops.api_client import Api, ApiProblem
from dermfolio.ops.journeys import Journey, travel
from dermfolio.ops.live import SocketRefused
from dermfolio.ops.photographs import Fate, Photograph, demonstration
from dermfolio.ops.tables import table
from dermfolio.ops.watching import Watch

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

AT_ONCE = 4
"""Uploads under way at the same time, as a browser would."""

SETTLED_SECONDS = 30.0


def add_parser(commands: "Commands") -> None:
    """Add `demo` to the commands; `run` of the parsed arguments carries it out."""
    command = commands.add_parser("demo", help="photographs through a running system, and what became of them")
    signing_in.add_arguments(command)
    command.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="files; without any, some are generated")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    password = signing_in.password_of(chosen.login)
    running = run_demo(
        chosen.at, password, chosen.photos, login=chosen.login, choose_password=signing_in.chosen_password
    )
    return asyncio.run(running)


def thrown_away() -> str:
    """A password for a system that nobody will use again."""
    return f"Aa1-{secrets.token_urlsafe(16)}"


async def run_demo(
    base_url: str,
    password: str,
    photos: Sequence[Path] = (),
    *,
    login: str = signing_in.FIRST_ADMIN,
    choose_password: Callable[[], str] = thrown_away,
) -> int:
    """Take photographs through the API at `base_url`, print what became of them; 0 if all is as it should be.

    `photos` are the user's files; without any, a dozen are generated, and three that must be refused. A password for
    one use is changed to what `choose_password` returns.
    """
    began = time.monotonic()
    try:
        files = [_read(path) for path in photos] or await _generated()
        async with Api(base_url) as api:
            faults = await _demonstrate(api, login, password, choose_password, files)
    except (ApiProblem, SocketRefused, aiohttp.ClientError, TimeoutError, OSError) as error:
        print(f"\nThe demonstration broke off: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(f"\n{'All is well' if not faults else 'Not all is well'} after {time.monotonic() - began:.1f} s.")
    for fault in faults:
        print(f"  ✗ {fault}")
    return 1 if faults else 0


def _read(path: Path) -> Photograph:
    kind, _ = mimetypes.guess_type(path.name)
    return Photograph(path.name, kind or "application/octet-stream", path.read_bytes(), None)


async def _generated() -> list[Photograph]:
    began = time.monotonic()
    made = await asyncio.to_thread(demonstration)
    print(f"{len(made)} photographs generated in {time.monotonic() - began:.1f} s.", flush=True)
    return made


async def _demonstrate(
    api: Api, login: str, password: str, choose_password: Callable[[], str], files: Sequence[Photograph]
) -> list[str]:
    session = await signing_in.sign_in(api, login, password, choose_password)
    patient = await api.create_patient(f"demo-{secrets.token_hex(6)}", notes="A demonstration; nobody's photographs.")
    print(f"Signed in as {session.login}; patient {patient.unique_id} created.\n", flush=True)
    began = time.monotonic()
    async with Watch(api, patient.id) as watch:
        journeys = await _upload_all(api, watch, patient.id, files)
    seconds = time.monotonic() - began
    print(table(_HEADS, [_row(j) for j in journeys], right=_RIGHT))
    print(f"\n{_summary(journeys, seconds)}")
    faults = [f"{j.photograph.file_name}: {fault}" for j in journeys for fault in j.faults]
    return faults + await _pool_faults(api, patient, journeys) + await _trail_faults(api)


async def _upload_all(api: Api, watch: Watch, patient: UUID, files: Sequence[Photograph]) -> list[Journey]:
    """Everything at once, as far as `AT_ONCE` goes; copies come after what they are copies of."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(photograph: Photograph) -> Journey:
        async with places:
            return await travel(api, watch, patient, photograph)

    firsts = await asyncio.gather(*(one(f) for f in files if f.fate is not Fate.DUPLICATE))
    copies = await asyncio.gather(*(one(f) for f in files if f.fate is Fate.DUPLICATE))
    return [*firsts, *copies]


async def _pool_faults(api: Api, patient: PatientView, journeys: Sequence[Journey]) -> list[str]:
    """Compare the pool, and the patient's count, with what was accepted."""
    accepted = {j.image for j in journeys if j.fate is Fate.ACCEPTED}
    pool = {image.id for image in await api.whole_pool(patient.id) if image.state is ImageState.READY}
    faults = [] if pool == accepted else [f"the pool shows {len(pool)} photographs, {len(accepted)} were accepted"]
    count = await _counted(api, patient.id, len(accepted))
    if count != len(accepted):
        faults.append(f"the patient's image count is {count} instead of {len(accepted)}")
    print(f"Pool: {len(pool)} photographs, counted as {count}.")
    return faults


async def _counted(api: Api, patient: UUID, wanted: int) -> int:
    """The patient's image count, which follows the pool a moment later."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        count = (await api.get_patient(patient)).image_count
        if count == wanted or time.monotonic() > deadline:
            return count
        await asyncio.sleep(0.2)


async def _trail_faults(api: Api) -> list[str]:
    """Have the trail verified once it has caught up with what happened."""
    deadline = time.monotonic() + SETTLED_SECONDS
    verdict = await api.verify_trail()
    while (any(verdict.gaps.values()) or verdict.not_asked) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        verdict = await api.verify_trail()
    print(f"Audit trail: {verdict.records} records. {verdict.finding}")
    faults = [] if verdict.intact else [f"the audit trail: {verdict.finding}"]
    missing = {producer: count for producer, count in verdict.gaps.items() if count}
    if missing or verdict.not_asked:
        faults.append(f"the audit trail is behind: {missing or verdict.not_asked}")
    return faults


_HEADS = ("File", "MB", "Answered", "Announced", "320 px", "1280 px", "2560 px", "Outcome", "", "")
_RIGHT = (1, 2, 3, 4, 5, 6)


def _row(journey: Journey) -> list[str]:
    sizes = [f"{size / 1000:.0f} kB" for size in journey.renditions]
    return [
        journey.photograph.file_name,
        f"{len(journey.photograph.data) / 1e6:.1f}",
        "" if journey.answered is None else f"{journey.answered * 1000:.0f} ms",
        "" if journey.announced is None else f"{journey.announced * 1000:.0f} ms",
        *(sizes + [""] * 3)[:3],
        str(journey.fate or "?"),
        journey.note,
        "✗" if journey.faults else "✓",
    ]


def _summary(journeys: Sequence[Journey], seconds: float) -> str:
    fates = [j.fate for j in journeys]
    parts = [f"{fates.count(fate)} {fate}" for fate in Fate if fate in fates]
    sent = sum(len(j.photograph.data) for j in journeys if j.fate not in {Fate.TOO_LARGE, Fate.EMPTY}) / 1e6
    back = sum(len(j.photograph.data) for j in journeys if j.fate is Fate.ACCEPTED) / 1e6
    return (
        f"{len(journeys)} files in {seconds:.1f} s: {', '.join(parts)}. "
        f"{sent:.1f} MB sent, {back:.1f} MB downloaded again and compared byte by byte."
    )
