"""Checkpoints: when they are signed, and where they are brought."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dermfolio.audit.app import outside_of, service
from dermfolio.audit.deliveries import Delivery
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import Ground, eventually, user
from dermfolio.contracts.audit import VerifyTrail
from dermfolio.contracts.roles import Role
from dermfolio.contracts.signed_notes import notes_in, position_of
from dermfolio.local.servers.object_store import ObjectStore

from .conftest import MIGRATIONS

if TYPE_CHECKING:
    from .conftest import Producers, Trail

from .signing import checkpointer, deliver, notes, say, signed
from .syslog_receiver import messages, receiver, whole


async def test_checkpoints_come_after_so_many_records_or_so_much_time_and_only_for_what_is_new(
    trail: Trail, producers: Producers
) -> None:
    await checkpointer(trail).sign_if_due()
    assert await notes(trail) == []
    await say(trail, producers, 1)
    await checkpointer(trail).sign_if_due()  # the first record
    await say(trail, producers, 4)
    await checkpointer(trail, every_records=5).sign_if_due()
    assert [position_of(note) for note in await notes(trail)] == [1]
    await say(trail, producers, 1)
    await checkpointer(trail, every_records=5).sign_if_due()
    await checkpointer(trail, every_records=5, every=timedelta(0)).sign_if_due()
    assert [position_of(note) for note in await notes(trail)] == [1, 6]
    await say(trail, producers, 1)
    await checkpointer(trail, every=timedelta(0)).sign_if_due()
    assert [position_of(note) for note in await notes(trail)] == [1, 6, 7]
    async with checkpointer(trail):
        await say(trail, producers, 1)
    assert [position_of(note) for note in await notes(trail)] == [1, 6, 7, 8]  # at an orderly end


async def test_two_replicas_that_sign_at_once_make_one_checkpoint(trail: Trail, producers: Producers) -> None:
    for rounds in range(1, 6):
        await say(trail, producers, 3)
        await asyncio.gather(*(checkpointer(trail).sign() for _ in range(4)))
        assert [position_of(note) for note in await notes(trail)] == [3 * n for n in range(1, rounds + 1)]


@pytest.mark.req("AUD-3")
async def test_the_service_signs_stores_and_compares(
    stored: Trail, producers: Producers, ground: Ground, object_store: ObjectStore, tmp_path: Path
) -> None:
    settings = stored.settings.model_copy(
        update={"checkpoint_every_minutes": 0.0001, "checkpoint_file": tmp_path / "checkpoints"}
    )
    auditor = ground.call(user(installation=Role.AUDITOR))
    for _ in range(3):
        producers.images.say()
    async with ground.running("audit", settings, service, MIGRATIONS), ground.asking() as requests:
        await asyncio.sleep(0)

        async def compared() -> Any:
            verdict = await requests.ask(VerifyTrail(), auditor)
            assert verdict.intact, verdict.finding
            return verdict if verdict.checkpoints.store else None

        verdict = await eventually(compared)
        assert verdict.checkpoints.locked is True
        assert verdict.checkpoints.verifier_keys == await stored.checkpoint_keys.known()
        outside = (tmp_path / "checkpoints").read_text()
        again = await requests.ask(VerifyTrail(checkpoints=outside), auditor)
        assert (again.intact, again.checkpoints.outside >= 1) == (True, True)
        with pytest.raises(Refused) as refused:
            await requests.ask(VerifyTrail(checkpoints="nothing of the kind"), auditor)
        assert refused.value.code == "invalid_request"
    assert position_of((await notes(stored))[-1]) == len(await stored.records())  # signed at the end


async def test_after_an_outage_everything_is_brought_that_lacks(
    loose: Trail, producers: Producers, object_store: ObjectStore, tmp_path: Path
) -> None:
    await signed(loose, producers, rounds=2)
    away = loose.settings
    loose.settings = away.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    with pytest.raises(Unavailable):
        await deliver(loose)
    assert (await loose.verify()).checkpoints.store is None
    loose.settings = away.model_copy(update={"checkpoint_file": tmp_path / "missing" / "file"})
    [file] = outside_of(loose.settings)
    with pytest.raises(Unavailable, match="No such file"):
        await Delivery(loose.db, file).deliver()
    await say(loose, producers, 1)
    await checkpointer(loose).sign()
    await deliver(loose)
    (tmp_path / "missing").mkdir()
    await Delivery(loose.db, file).deliver()
    await Delivery(loose.db, file).deliver()
    kept = await notes(loose)
    assert list(notes_in((tmp_path / "missing" / "file").read_text())) == kept
    verdict = await loose.verify()
    assert (verdict.intact, verdict.checkpoints.store, verdict.checkpoints.locked) == (True, 3, False)


@pytest.mark.req("AUD-3")
async def test_a_syslog_receiver_gets_them_over_tls_and_must_be_who_it_says(
    trail: Trail, producers: Producers, tmp_path: Path
) -> None:
    await signed(trail, producers)
    async with receiver(tmp_path, "localhost") as (port, received):
        [sender] = outside_of(pointed(trail, port, tmp_path / "ca.pem"))
        await Delivery(trail.db, sender).deliver()
        text = await eventually(lambda: whole(received, 3))
    for message in messages(text):
        head, _, rest = message.partition(" checkpoint - ")
        assert head.startswith("<109>1 2")
        assert rest.startswith("checkpoint ")
    kept = await notes(trail)
    assert list(notes_in(text.decode())) == kept
    assert (await trail.verify(text.decode())).checkpoints.outside == 3


async def test_a_receiver_with_a_strange_certificate_gets_nothing(
    trail: Trail, producers: Producers, tmp_path: Path
) -> None:
    await signed(trail, producers, rounds=1)
    (tmp_path / "other").mkdir()
    async with receiver(tmp_path, "elsewhere.example") as (port, received), receiver(tmp_path / "other", "localhost"):
        for authority in (tmp_path / "ca.pem", tmp_path / "other" / "ca.pem"):
            [sender] = outside_of(pointed(trail, port, authority))
            with pytest.raises(Unavailable, match="certificate verify failed"):
                await Delivery(trail.db, sender).deliver()
        assert received == []


def pointed(trail: Trail, port: int, authority: Path) -> Any:
    """Settings with a syslog receiver."""
    return trail.settings.model_copy(
        update={"checkpoint_syslog": f"localhost:{port}", "checkpoint_syslog_ca": authority}
    )
