"""The test vectors, and the verifier that docs/audit-trail.md prints for third parties."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dermfolio.audit.chain import GENESIS, Link, Place, extend, verify
from dermfolio.audit.notes import VerifierKeys
from dermfolio.common.note_keys import SigningKey

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

VECTORS = json.loads((Path(__file__).parent / "vectors" / "trail-v1.json").read_text())
PAGE = (Path(__file__).parents[3] / "docs" / "audit-trail.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
"""The page's verifiers: of the chain, and of checkpoints."""

SIGNED = VECTORS["checkpoints"]
KEYS = {int(version): bytes.fromhex(key) for version, key in VECTORS["keys"].items()}


def links(records: list[dict[str, Any]]) -> list[Link]:
    return [Link(r["position"], r["key_version"], r["body"].encode(), bytes.fromhex(r["mac"])) for r in records]


def printed_verifier(records: list[dict[str, Any]], keys: dict[int, bytes]) -> str:
    """Run the page's program in an interpreter without our packages; returns what it says."""
    program, _ = PROGRAMS
    lines = "".join(json.dumps(record) + "\n" for record in records)
    command = [sys.executable, "-I", "-S", "-c", program, *(f"{version}:{key.hex()}" for version, key in keys.items())]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip()


@pytest.mark.req("AUD-3")
def test_the_chain_of_the_vectors_verifies_and_is_made_again_byte_by_byte() -> None:
    chain = links(VECTORS["records"])
    assert verify(chain, KEYS).broken is None
    place = GENESIS
    for link in chain:
        assert extend(place, [json.loads(link.body)], KEYS[link.key_version], link.key_version) == [link]
        place = Place(link.position, link.mac)


@pytest.mark.parametrize("broken", VECTORS["broken"], ids=lambda broken: broken["what"])
def test_what_was_done_to_a_broken_chain_is_named(broken: dict[str, Any]) -> None:
    found = verify(links(broken["records"]), KEYS).broken
    assert found is not None
    assert (found.position, found.kind) == (broken["position"], broken["kind"])


def test_the_printed_verifier_agrees_with_the_vectors() -> None:
    assert printed_verifier(VECTORS["records"], KEYS) == f"{len(VECTORS['records'])} records verify"
    for broken in VECTORS["broken"]:
        assert printed_verifier(broken["records"], KEYS) == f"record {broken['position']} is broken"


@pytest.mark.req("AUD-3")
def test_the_checkpoints_of_the_vectors_verify_and_are_signed_again_byte_by_byte() -> None:
    signer = SigningKey(SIGNED["origin"], bytes.fromhex(SIGNED["seed"]))
    assert str(signer.public) == SIGNED["verifier_key"]
    verifier = VerifierKeys.of(SIGNED["origin"], [SIGNED["verifier_key"]])
    macs = {link.position: link.mac for link in links(VECTORS["records"])}
    for note in SIGNED["notes"]:
        checkpoint = verifier.open(note)
        assert checkpoint.place.mac == macs[checkpoint.place.position]
        assert signer.note(checkpoint.text) == note


def printed_verifier_of_checkpoints(records: list[dict[str, Any]], notes: list[str], place: Path) -> str:
    """Run the page's other program; returns what it says."""
    files = [place / f"{number}.note" for number in range(len(notes))]
    for file, note in zip(files, notes, strict=True):
        file.write_text(note, encoding="utf-8")
    lines = "".join(json.dumps(record) + "\n" for record in records)
    command = [sys.executable, "-I", "-c", PROGRAMS[1], SIGNED["verifier_key"], *map(str, files)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip()


@pytest.mark.req("AUD-3")
def test_the_printed_verifier_of_checkpoints_agrees_with_the_vectors(tmp_path: Path) -> None:
    said = printed_verifier_of_checkpoints(VECTORS["records"], SIGNED["notes"], tmp_path)
    assert said == f"{len(SIGNED['notes'])} checkpoints verify"
    for broken in SIGNED["broken"]:
        assert verify(links(broken["records"]), KEYS).broken is None  # the chain alone does not tell
        said = printed_verifier_of_checkpoints(broken["records"], broken["notes"], tmp_path)
        assert (
            said
            == {
                "checkpoint_forged": f"checkpoint {broken['position']} is forged",
                "truncated": f"record {broken['position']} is missing",
                "recomputed": "record 7 is not what was signed",
            }[broken["kind"]]
        )


@pytest.mark.req("AUD-3")
async def test_the_printed_verifier_agrees_with_a_real_trail(trail: Trail, producers: Producers) -> None:
    for number in range(20):
        producers.images.say("viewed", image=f'"{number}"\\ü\U0001f4f7')
    producers.images.forgotten = 3
    await trail.take_up(producers.images)
    [query] = re.findall(r"```sql\n(SELECT .*?)```", PAGE, re.DOTALL)
    async with trail.db.read() as rows:
        records = [json.loads(row[0]) for row in await rows.fetch(query)]
    assert printed_verifier(records, dict(trail.settings.keys.every)) == "18 records verify"
    assert printed_verifier(records, {1: bytes(32)}) == "record 1 is broken"
    del records[5]
    assert printed_verifier(records, dict(trail.settings.keys.every)) == "record 6 is broken"
