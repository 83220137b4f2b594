"""Filling an evaluation with invented patients, a batch in a transaction. It is done nowhere else: among a clinic's
patients nobody could tell any more who is real.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.db import Database, ReadConnection
from dermfolio.common.errors import Refused
from dermfolio.contracts.seeding import PEOPLE_AT_ONCE, CountSeeded, PatientsSeeded, Seeded, SeededSite, SeedPatients
from dermfolio.contracts.views.consent import TypedSignature
from dermfolio.patients import data_keys, seed_repository, signatures
from dermfolio.patients.data_keys import KeyProvider
from dermfolio.patients.default_forms import DEFAULT_FORMS
from dermfolio.patients.invented.course import Invented, Row, invented
from dermfolio.patients.invented.people import id_of, is_duplicate, language_of, prefix_of, unique_id_of
from dermfolio.patients.searched import name_key, searched

OPERATORS = "ops"


async def count_seeded(db: Database, profile: str, call: Call, request: CountSeeded) -> Seeded:
    """How many of a seed's people are there. Refused as `evaluation_only`."""
    _need_evaluation(profile, call)
    async with db.read() as rows:
        return Seeded(people=await seed_repository.count(rows, prefix_of(request.seed)))


async def seed_patients(db: Database, keys: KeyProvider, profile: str, call: Call, request: SeedPatients) -> Seeded:
    """Add those of a batch who are not there. Refused as `evaluation_only`, or `invalid_request` where a site has
    tags that are not its own.
    """
    _need_evaluation(profile, call)
    first = request.batch * PEOPLE_AT_ONCE
    numbers = {unique_id_of(request.seed, n): n for n in range(first, first + request.count)}
    async with db.read() as rows:
        await _need_tags(rows, request.sites)
        there = await seed_repository.there(rows, [*numbers])
    if len(there) == len(numbers):
        return Seeded(people=0)
    missing = [number for unique_id, number in numbers.items() if unique_id not in there]
    people = await asyncio.to_thread(_made, request, missing)
    wrapped = [await _sealed(keys, request.seed, number, one) for number, one in zip(missing, people, strict=True)]
    async with db.write() as s:
        await seed_repository.hold(s, request.seed, request.batch)
        late = await seed_repository.there_meanwhile(s, [*numbers])
        new = [n for n, one in enumerate(people) if one.patient["unique_id"] not in late]
        await seed_repository.add(s, [people[n] for n in new], [wrapped[n] for n in new])
        survivors = [people[n].patient["merged_into"] for n in new if is_duplicate(missing[n])]
        await seed_repository.count_anew(s, survivors)
        if new:
            said = PatientsSeeded(
                seeding=id_of(request.seed, first, "batch"), seed=request.seed, first=missing[new[0]], people=len(new)
            )
            s.say(said, call.origin())
    return Seeded(people=len(new))


def _need_evaluation(profile: str, call: Call) -> None:
    call.need_service(OPERATORS)
    if profile != "evaluation":
        raise Refused("evaluation_only")


async def _need_tags(rows: ReadConnection, sites: Sequence[SeededSite]) -> None:
    for site in sites:
        if not await seed_repository.may_give(rows, site.site, site.tags):
            raise Refused("invalid_request", errors=[{"loc": "sites.tags", "msg": "are not tags of this site"}])


def _made(request: SeedPatients, numbers: Sequence[int]) -> list[Invented]:
    return [_findable(invented(request.seed, number, request.sites, request.by)) for number in numbers]


def _findable(one: Invented) -> Invented:
    """What is searched and sorted is made here: rows that are copied pass no model."""
    row = one.patient
    names = (row["first_name"], row["middle_name"], row["last_name"], row["preferred_name"])
    row["searched"] = searched(row["unique_id"], names, row["record_numbers"])
    row["name_key"] = name_key(row["last_name"], row["first_name"], row["preferred_name"], row["middle_name"])
    return one


async def _sealed(keys: KeyProvider, seed: int, number: int, one: Invented) -> Row:
    """Give somebody a data key, and seal under it what they signed: the form that comes with the product."""
    patient: UUID = one.patient["id"]
    key, language = data_keys.new_key(), language_of(seed, number)
    for event in one.signed:
        signer = " ".join(filter(None, (one.patient["first_name"], one.patient["last_name"])))
        signature = await signatures.sealed(TypedSignature(kind="typed", name=signer), key, event["id"])
        form = DEFAULT_FORMS[language]
        event |= {"form_language": language, "form_version": 0, "form_title": form.title, "form_text": form.text}
        event |= {"signer": signer, "relationship": "patient", "signature": signature}
    at = one.patient["created_at"]
    return {"patient": patient, "wrapped": keys.wrap(key, patient), "wrapped_by": keys.id, "created_at": at}
