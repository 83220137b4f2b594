"""Checkpoints: when they are signed, where they are brought, and what they show of a trail that holds together."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dermfolio.audit import checkpoint_repository
from dermfolio.audit.app import outside_of, service, store_of
from dermfolio.audit.chain import Place, mac_of
from dermfolio.audit.checkpoints import Checkpointer
from dermfolio.audit.deliveries import Delivery
from dermfolio.audit.notes import Checkpoint, Signer, VerifierKeys, origin_of
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.settings import key_bytes
from dermfolio.common.testing import Ground, eventually, user
from dermfolio.contracts.audit import VerifyTrail
from dermfolio.contracts.roles import Role
from dermfolio.contracts.signed_notes import newest_of, notes_in, position_of
from dermfolio.local.servers.object_store import SETUP, ObjectStore

from .conftest import MIGRATIONS, new_key

if TYPE_CHECKING:
    from .conftest import Producers, Trail

SEED = bytes(range(32))
ORIGIN = origin_of(UUID(int=5))
HOUR = timedelta(hours=1)


@pytest.fixture
def stored(trail: Trail, object_store: ObjectStore, request: pytest.FixtureRequest) -> Trail:
    """A trail whose checkpoints go to a locked bucket of a real store."""
    return with_store(trail, object_store, f"trail-{trail.database.replace('_', '-')}", locked=True)


@pytest.fixture
def loose(trail: Trail, object_store: ObjectStore) -> Trail:
    """The same with a store that locks nothing."""
    return with_store(trail, object_store, f"loose-{trail.database.replace('_', '-')}", locked=False)


def with_store(trail: Trail, store: ObjectStore, bucket: str, *, locked: bool) -> Trail:
    """Point a trail's settings at a new bucket."""
    who = store.identities[SETUP]
    (store.ensure_locked_bucket if locked else store.ensure_bucket)(bucket)
    text = type(trail.settings.chain_key)
    trail.settings = trail.settings.model_copy(
        update={
            "s3_endpoint": store.url,
            "checkpoint_bucket": bucket,
            "s3_access_key": text(who.access_key),
            "s3_secret_key": text(who.secret_key),
        }
    )
    return trail


def checkpointer(trail: Trail, *, every_records: int = 10_000, every: timedelta = HOUR) -> Checkpointer:
    """What signs the checkpoints of a trail."""
    return Checkpointer(trail.db, trail.checkpoint_keys, every_records=every_records, every=every)


async def say(trail: Trail, producers: Producers, count: int) -> None:
    """Make records."""
    for _ in range(count):
        producers.images.say()
    await trail.take_up(producers.images)


async def signed(trail: Trail, producers: Producers, rounds: int = 3) -> str:
    """Ten records and a checkpoint, again and again; returns the notes, as somebody keeps them outside."""
    for _ in range(rounds):
        await say(trail, producers, 10)
        await checkpointer(trail).sign()
    return "\n".join(await notes(trail))


async def notes(trail: Trail) -> list[str]:
    """The notes in the database."""
    async with trail.db.read() as rows:
        return [row.note for row in await checkpoint_repository.kept(rows, after=0, upto=2**62, limit=1000)]


async def deliver(trail: Trail) -> None:
    """Bring them to the store."""
    await Delivery(trail.db, store_of(trail.settings)).deliver()


def cut_off(trail: Trail, after: int, *, also: str = "") -> None:
    """Remove records as one does who knows all tables: head, cursors and checkpoints are put back too."""
    trail.tamper(
        "ALTER TABLE checkpoints DISABLE TRIGGER append_only; "  # noqa: S608 - numbers of our own
        f"DELETE FROM trail WHERE position > {after}; "
        f"UPDATE trail_head SET position = {after}, mac = (SELECT mac FROM trail WHERE position = {after}); "
        "UPDATE cursors SET seq = coalesce((SELECT max(seq) FROM trail WHERE trail.producer = cursors.producer), 0); "
        f"DELETE FROM checkpoints WHERE position > {after}; {also}"
    )


async def recompute(trail: Trail, first: int, *, sign_with: bytes | None = None) -> None:
    """Change a record and write the chain anew with its key; checkpoints too, when there is a key to sign with."""
    key = trail.settings.keys.writing
    async with trail.db.read() as rows:
        records = await rows.fetch("SELECT position, body, mac FROM trail ORDER BY position")
        origin = origin_of(await checkpoint_repository.origin_id(rows))
        kept = await checkpoint_repository.kept(rows, after=0, upto=2**62, limit=1000)
    before, macs, done = bytes(32), {}, ["ALTER TABLE checkpoints DISABLE TRIGGER append_only"]
    for record in records:
        position, body = record["position"], record["body"]
        if position == first:
            body = body.replace("success", "failure")
        before = macs[position] = mac_of(key, 1, before, body.encode())
        done.append(f"UPDATE trail SET body = '{body}', mac = '\\x{before.hex()}' WHERE position = {position}")  # noqa: S608
    done.append(f"UPDATE trail_head SET mac = '\\x{before.hex()}'")  # noqa: S608
    for row in kept if sign_with else []:
        note = Signer(origin, sign_with or b"").sign(
            Checkpoint(origin, Place(row.position, macs[row.position]), row.at)
        )
        done.append(
            f"UPDATE checkpoints SET mac = '\\x{macs[row.position].hex()}', note = '{note}' "  # noqa: S608
            f"WHERE position = {row.position}"
        )
    trail.tamper("; ".join(done))


# --- the note ----------------------------------------


def test_a_note_is_opened_with_the_key_that_signed_it_and_with_no_other() -> None:
    checkpoint = Checkpoint(ORIGIN, Place(7, bytes(range(32))), "2026-03-01T12:30:00.000005Z")
    signer = Signer(ORIGIN, SEED)
    note = signer.sign(checkpoint)
    assert VerifierKeys.of(ORIGIN, [signer.verifier_key]).open(note) == checkpoint
    strangers = [Signer(ORIGIN, bytes(32)).verifier_key, Signer(origin_of(UUID(int=6)), SEED).verifier_key]
    for verifiers in (VerifierKeys.of(ORIGIN, strangers), VerifierKeys.of(ORIGIN, [])):
        with pytest.raises(ValueError, match="signed by none of the known keys"):
            verifiers.open(note)
    with pytest.raises(ValueError, match="is of another trail"):
        VerifierKeys.of(origin_of(UUID(int=6)), strangers).open(note)


def test_a_note_of_which_a_byte_was_changed_is_not_genuine() -> None:
    signer = Signer(ORIGIN, SEED)
    verifiers = VerifierKeys.of(ORIGIN, [signer.verifier_key])
    note = signer.sign(Checkpoint(ORIGIN, Place(7, bytes(range(32))), "2026-03-01T12:30:00.000005Z"))
    for nth in range(len(note)):
        for changed in (note[:nth] + "x" + note[nth + 1 :], note[:nth] + note[nth + 1 :]):
            if changed != note:
                with pytest.raises(ValueError, match=r"^is "):
                    verifiers.open(changed)


def test_notes_are_found_in_what_people_keep() -> None:
    signer = Signer(ORIGIN, SEED)
    made = [signer.sign(Checkpoint(ORIGIN, Place(n, bytes(32)), "2026-03-01T12:30:00.000005Z")) for n in (1, 2, 3)]
    line = f"Mar  1 12:30:00 host dermfolio-audit: checkpoint 3 {base64.b64encode(made[2].encode()).decode()}"
    kept = f"# ours\n\n{made[0]}\n{made[1]}".replace("\n", "\r\n") + f"\r\n{line}\ncheckpoint 9 AAAA\n"
    assert list(notes_in(kept)) == made
    assert [position_of(note) for note in notes_in(newest_of(kept))] == [3, 2, 1]
    many = "".join(signer.sign(Checkpoint(ORIGIN, Place(n, bytes(32)), "")) for n in range(1, 2000))
    newest = [position_of(note) for note in notes_in(newest_of(many))]
    assert newest[0] == 1999
    assert 500 < len(newest) < 2000


# --- when ----------------------------------------


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


# --- where to ----------------------------------------


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
        text = await eventually(lambda: _whole(received, 3))
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


# --- what they show ----------------------------------------


@pytest.mark.req("AUD-3")
async def test_a_deleted_last_hour_is_found_and_named(stored: Trail, producers: Producers) -> None:
    outside = await signed(stored, producers)
    await deliver(stored)
    assert (await stored.verify(outside)).intact
    cut_off(stored, 17, also="UPDATE deliveries SET position = 10")
    producers.images.facts.clear()  # the outbox too
    for verdict in (await stored.verify(), await stored.verify(outside)):
        assert (verdict.intact, verdict.records, verdict.first_broken, verdict.kind) == (False, 17, 18, "truncated")
        assert "in the object store" in verdict.finding
    stored.settings = stored.settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    assert (await stored.verify()).intact  # nothing inside tells
    verdict = await stored.verify(outside)
    assert (verdict.first_broken, verdict.kind, verdict.checkpoints.outside) == (18, "truncated", 3)
    assert verdict.finding.startswith("Records 18 to 20 are missing at the end: a checkpoint of 20")


@pytest.mark.req("AUD-3")
async def test_records_taken_up_again_after_the_end_was_removed_are_not_the_ones_that_were_signed(
    trail: Trail, producers: Producers
) -> None:
    outside = await signed(trail, producers)
    cut_off(trail, 17)
    await trail.take_up(producers.images)
    assert (await trail.verify()).intact
    verdict = await trail.verify(outside)
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")


@pytest.mark.req("AUD-3")
async def test_a_chain_recomputed_with_its_key_is_found_by_the_checkpoints_in_the_database(
    trail: Trail, producers: Producers
) -> None:
    await signed(trail, producers)
    await recompute(trail, 14)
    verdict = await trail.verify()
    assert (verdict.records, verdict.first_broken, verdict.kind) == (10, 11, "recomputed")
    assert verdict.finding.startswith("Records 11 to 20 are not what a checkpoint of 20")


@pytest.mark.req("AUD-3")
async def test_checkpoints_signed_anew_with_another_key_are_forged(trail: Trail, producers: Producers) -> None:
    await signed(trail, producers)
    await recompute(trail, 14, sign_with=bytes(32))
    verdict = await trail.verify()
    assert (verdict.first_broken, verdict.kind) == (10, "checkpoint_forged")
    assert verdict.finding == "The checkpoint of record 10, in the database, is signed by none of the known keys."


@pytest.mark.req("AUD-3")
async def test_a_chain_and_checkpoints_written_anew_with_both_keys_are_found_outside(
    stored: Trail, producers: Producers
) -> None:
    outside = await signed(stored, producers)
    await deliver(stored)
    await recompute(stored, 14, sign_with=key_bytes(stored.settings.checkpoint_key))
    verdict = await stored.verify()
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")
    assert "in the object store" in verdict.finding
    stored.settings = stored.settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    assert (await stored.verify()).intact
    verdict = await stored.verify(outside)
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")
    assert "kept outside" in verdict.finding


@pytest.mark.req("AUD-3")
async def test_what_was_written_over_a_locked_copy_does_not_hide_it(
    stored: Trail, producers: Producers, object_store: ObjectStore
) -> None:
    await signed(stored, producers)
    await deliver(stored)
    await recompute(stored, 14, sign_with=key_bytes(stored.settings.checkpoint_key))
    stored.tamper("UPDATE deliveries SET position = 0")
    await deliver(stored)
    client = object_store.client()
    client.remove_object(stored.settings.checkpoint_bucket, f"checkpoints/{30:020}.note")  # a marker, no more
    verdict = await stored.verify()
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")


@pytest.mark.req("AUD-3")
async def test_a_store_that_lost_or_changed_a_checkpoint_is_named(
    loose: Trail, producers: Producers, object_store: ObjectStore
) -> None:
    await signed(loose, producers)
    await deliver(loose)
    client, bucket = object_store.client(), loose.settings.checkpoint_bucket
    for position, kind in ((30, "checkpoint_missing"), (20, "checkpoint_forged"), (10, "checkpoint_missing")):
        key = f"checkpoints/{position:020}.note"
        if kind == "checkpoint_forged":
            changed = (await notes(loose))[1].replace("\nat 2", "\nat 3").encode()
            client.put_object(bucket, key, _stream(changed), len(changed))
        else:
            client.remove_object(bucket, key)
        verdict = await loose.verify()
        assert (verdict.records, verdict.first_broken, verdict.kind) == (position - 1, position, kind)
        assert "in the object store" in verdict.finding


@pytest.mark.parametrize("lost", [(20,), (30,), (10, 20, 30)])
async def test_a_checkpoint_that_the_database_lost_is_named(
    stored: Trail, producers: Producers, lost: tuple[int, ...]
) -> None:
    await signed(stored, producers)
    await deliver(stored)
    positions = ", ".join(map(str, lost))
    stored.tamper(
        f"ALTER TABLE checkpoints DISABLE TRIGGER append_only; DELETE FROM checkpoints WHERE position IN ({positions})"  # noqa: S608 - numbers of our own
    )
    verdict = await stored.verify()
    assert (verdict.first_broken, verdict.kind) == (lost[0], "checkpoint_missing")
    assert verdict.finding == f"The checkpoint of record {lost[0]} is missing in the database."


async def test_columns_beside_a_note_and_the_name_of_the_trail_are_compared_too(
    trail: Trail, producers: Producers
) -> None:
    await signed(trail, producers)
    trail.tamper("ALTER TABLE checkpoints DISABLE TRIGGER append_only; ALTER TABLE trail_origin DISABLE TRIGGER ALL")
    trail.tamper("UPDATE checkpoints SET at = at - interval '1 hour' WHERE position = 20")
    assert "says something else than the columns" in (await trail.verify()).finding
    trail.tamper("UPDATE trail_origin SET id = gen_random_uuid()")
    verdict = await trail.verify()
    assert (verdict.first_broken, verdict.kind) == (10, "checkpoint_forged")
    assert "is of another trail" in verdict.finding


async def test_a_new_key_signs_on_and_the_former_one_stays_known(trail: Trail, producers: Producers) -> None:
    await signed(trail, producers, rounds=1)
    former = (await trail.checkpoint_keys.known())[0]
    text = type(trail.settings.checkpoint_key)
    trail.settings = trail.settings.model_copy(update={"checkpoint_key": text(new_key())})
    assert (await trail.verify()).kind == "checkpoint_forged"
    trail.settings = trail.settings.model_copy(update={"retired_checkpoint_keys": (former,)})
    outside = await signed(trail, producers, rounds=1)
    verdict = await trail.verify(outside)
    assert (verdict.intact, verdict.checkpoints.database, verdict.checkpoints.outside) == (True, 2, 2)
    assert verdict.checkpoints.verifier_keys == await trail.checkpoint_keys.known()
    assert former in verdict.checkpoints.verifier_keys[1:]


async def test_behind_a_break_of_the_chain_checkpoints_say_nothing_new(trail: Trail, producers: Producers) -> None:
    await signed(trail, producers)
    trail.tamper("UPDATE trail SET body = replace(body::text, 'viewed', 'vieued')::json WHERE position = 6")
    verdict = await trail.verify()
    assert (verdict.records, verdict.first_broken, verdict.kind) == (5, 6, "edited")


# --- what the tests stand on ----------------------------------------


def pointed(trail: Trail, port: int, authority: Path) -> Any:
    """Settings with a syslog receiver."""
    return trail.settings.model_copy(
        update={"checkpoint_syslog": f"localhost:{port}", "checkpoint_syslog_ca": authority}
    )


@asynccontextmanager
async def receiver(directory: Path, name: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A receiver of syslog over TLS with a certificate for a name, whose CA is written to `ca.pem`."""
    received: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(-1))
        writer.close()

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(_certificate(directory, name))
    server = await asyncio.start_server(take, "localhost", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], received


def _certificate(directory: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - HOUR
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    (directory / "ca.pem").write_bytes(made)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "both.pem").write_bytes(secret + made)
    return directory / "both.pem"


def messages(text: bytes) -> list[str]:
    """The messages in octet-counted frames (RFC 5425, 4.3)."""
    found = []
    while text:
        length, _, rest = text.partition(b" ")
        found.append(rest[: int(length)].decode())
        text = rest[int(length) :]
    return found


async def _whole(received: list[bytes], count: int) -> bytes | None:
    text = b"".join(received)
    return text if text.count(b" checkpoint - ") == count else None


def _stream(content: bytes) -> Any:
    import io

    return io.BytesIO(content)
