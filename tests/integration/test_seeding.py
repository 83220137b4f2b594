"""`python -m dermfolio.ops seed` on a system of its own: several sites, people with all they have, photographs."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from dermfolio.common.testing import eventually
from dermfolio.local.first_admin import USER
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import Api

from .truth import Truth, looking_into

PEOPLE = 2000
PASSWORD = "Corium-Stratum-7!"
WRITTEN = """
SELECT id, unique_id, first_name, last_name, date_of_birth, phone, site, tags, entry_count FROM patients ORDER BY id
"""

pytestmark = [pytest.mark.xdist_group("seeding"), pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Evaluation:
    """A running system, and commands in a terminal beside it."""

    stack: Stack
    truth: Truth

    async def started(self, *arguments: str) -> asyncio.subprocess.Process:
        """A command of operators; its output is kept."""
        told = self.stack.environment_of("ops") | {"DERMFOLIO_PASSWORD": PASSWORD}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "dermfolio.ops", *arguments),
            env=told,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def run(self, *arguments: str) -> tuple[int, str]:
        """(exit code, what it printed)."""
        process = await self.started(*arguments)
        printed, _ = await asyncio.wait_for(process.communicate(), 300)
        return process.returncode or 0, printed.decode()

    async def seed(self, *arguments: str) -> tuple[int, str]:
        """Seed this system."""
        return await self.run("seed", "--at", self.stack.gateways[0], *arguments)

    async def count(self, table: str) -> int:
        """How many rows a table of patients has."""
        return int(await self.truth.value("patients", f"SELECT count(*) FROM {table}"))  # noqa: S608 - ours


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evaluation() -> AsyncIterator[Evaluation]:
    with scratch_directory() as directory:
        async with Stack(directory / "run", durable=False) as stack:
            assert stack.first_admin_password is not None
            async with Api(stack.gateways[0]) as api:
                await api.sign_in(USER, stack.first_admin_password)
                await api.change_password(stack.first_admin_password, PASSWORD)
            async with looking_into(stack) as truth:
                yield Evaluation(stack, truth)


@pytest.mark.req("PAT-3", "PAT-4")
@pytest.mark.asyncio(loop_scope="module")
async def test_killed_in_the_middle_it_goes_on_without_doubles_and_a_recount_finds_nothing(
    evaluation: Evaluation,
) -> None:
    wanted = ("--patients", str(PEOPLE))
    killed = await evaluation.started("seed", "--at", evaluation.stack.gateways[0], *wanted)

    async def some() -> bool | None:
        return await evaluation.count("patients") > 0 or None

    await eventually(some, seconds=120)
    killed.kill()
    await killed.wait()

    code, printed = await evaluation.seed(*wanted)
    assert code == 0, printed
    assert await evaluation.count("patients") == await evaluation.count("data_keys") == PEOPLE
    assert await evaluation.count("entries") > PEOPLE
    code, printed = await evaluation.run("recount", "--check")
    assert (code, printed.splitlines()[-1]) == (0, f"{PEOPLE:,} patients counted, 0 differences.")


@pytest.mark.asyncio(loop_scope="module")
async def test_run_again_it_says_that_they_are_there_and_more_are_added_to_them(evaluation: Evaluation) -> None:
    before = await evaluation.truth.rows("patients", WRITTEN)
    code, printed = await evaluation.seed("--patients", str(PEOPLE))
    assert code == 0
    assert f"{PEOPLE:,} people of seed 1 are there" in printed
    assert "0 people added" in printed
    assert await evaluation.truth.rows("patients", WRITTEN) == before
    await evaluation.seed("--patients", str(PEOPLE + 500))
    assert await evaluation.count("patients") == PEOPLE + 500


@pytest.mark.asyncio(loop_scope="module")
async def test_one_record_of_the_trail_stands_for_each_batch(evaluation: Evaluation) -> None:
    async with Api(evaluation.stack.gateways[0]) as api:
        await api.sign_in(USER, PASSWORD)

        async def recorded() -> int | None:
            records = (await api.list_trail(limit=200)).records
            people = [one.detail["people"] for one in records if one.event == "patients.seeded"]
            return sum(people) if sum(people) == await evaluation.count("patients") else None

        assert await eventually(recorded)


@pytest.mark.req("POOL-2")
@pytest.mark.asyncio(loop_scope="module")
async def test_photographs_go_to_those_who_consent_and_are_not_uploaded_twice(evaluation: Evaluation) -> None:
    wanted = ("--patients", str(PEOPLE), "--images", "6")
    code, printed = await evaluation.seed(*wanted)
    assert code == 0, printed
    assert "Photographs: 6 ready." in printed
    code, printed = await evaluation.seed(*wanted)
    assert "Photographs: 6 there already." in printed
    code, printed = await evaluation.run("reconcile", "--dry-run")
    assert code == 0, printed
    counts = {name.strip(): count for name, count in (line.rsplit(maxsplit=1) for line in printed.splitlines()[2:])}
    assert (counts["photographs"], counts["missing"], counts["would be removed"]) == ("6", "0", "0")
    assert counts["objects"] == counts["claimed"] != "0"
    counted = "SELECT sum(image_count) FROM patients WHERE consent_given"
    assert await evaluation.truth.value("patients", counted) == 6


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("wanted", [("--patients", "-1"), ("--patients", "many"), ("--images", "5")])
async def test_what_makes_no_sense_is_refused(evaluation: Evaluation, wanted: tuple[str, ...]) -> None:
    code, printed = await evaluation.seed(*wanted)
    assert code == 2
    assert "--patients" in printed


def test_the_addresses_lie_where_a_shell_can_read_them(evaluation: Evaluation) -> None:
    written = Path(evaluation.stack.directory, "ops.env").read_text()
    assert "DERMFOLIO_PROFILE=evaluation" in written.splitlines()
    secrets = [path.read_text().strip() for path in evaluation.stack.directory.glob("secrets/**/*") if path.is_file()]
    assert not any(secret in written for secret in secrets if secret)
