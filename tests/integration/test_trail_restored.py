"""The trail's database from a backup: what happened since is taken up again."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from dermfolio.local.servers.postgres import Postgres

from .conftest import System
from .disturbing import away, processes_of
from .quiet import until_quiet
from .story import Story
from .trail import chain_is_whole, one_record_per_fact
from .truth import looking_into
from .uploading import Uploading

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.storm,
    pytest.mark.timeout(600),
]

_BACK_UP = "SELECT format('CREATE DATABASE audit_backup TEMPLATE audit OWNER %I', pg_get_userbyid(datdba)) "
_PUT_BACK = """
DROP DATABASE audit;
ALTER DATABASE audit_backup RENAME TO audit;
REVOKE ALL ON DATABASE audit FROM PUBLIC;
GRANT CONNECT ON DATABASE audit TO audit
"""


@pytest.mark.req("AUD-5")
async def test_a_trail_restored_from_a_backup_has_what_happened_since(system: System) -> None:
    stack, clinic = system.stack, system.clinic
    uploading = Uploading(clinic.admin, await clinic.new_patient(), 70)
    await uploading.fresh()
    async with looking_into(stack) as truth:
        assert await until_quiet(truth) == []
    await _without_the_trail(system, f"{_BACK_UP} FROM pg_database WHERE datname = 'audit' \\gexec")
    for _ in range(5):
        await uploading.fresh()
    async with looking_into(stack) as truth:
        assert await until_quiet(truth) == []
        before = await truth.value("audit", "SELECT count(*) FROM trail WHERE producer = 'images'")
    await _without_the_trail(system, _PUT_BACK)
    story = Story(clinic.admin, uploading.seen[0].patient, uploading.seen)
    async with looking_into(stack) as truth:
        assert await until_quiet(truth) == []
        assert await truth.value("audit", "SELECT count(*) FROM trail WHERE producer = 'images'") == before
        wrong = await one_record_per_fact(truth, story) + await chain_is_whole(truth, story)
    assert not wrong, "\n".join(wrong)


async def _without_the_trail(system: System, statements: str) -> None:
    """Run SQL while nobody is connected to the trail's database."""
    postgres: Postgres = system.stack.embedded.postgres
    async with AsyncExitStack() as gone:
        for process in processes_of(system.stack, "audit"):
            await gone.enter_async_context(away(system.stack, process.name))
        await asyncio.to_thread(postgres.execute, statements)
    await system.stack.ready()
