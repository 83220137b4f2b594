"""Photographs of invented patients, uploaded as anybody uploads: generated skin, under ids that follow from the seed,
so that what is there is not uploaded again.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import JPEG, Photograph, retaken, series
from dermfolio.ops.watching import Watch

POOLS = (3, 1, 8, 0, 5, 2, 12, 1)
"""How many one patient after the other has."""

READY_SECONDS = 300.0
PAGE = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """A photograph to be: its number among all, and its id."""

    number: int
    image: UUID


async def upload(api: Api, seed: int, count: int) -> Counter[str]:
    """Give `count` photographs to patients of a seed who consent to them, by unique ID; returns how many there were
    already, and what became of the others. Raises ApiProblem, and TimeoutError when one is not processed in minutes.
    """
    pictures = [one for one in await asyncio.to_thread(series, seed + 1) if one.media_type == JPEG]
    came, number, turn = Counter[str](), 0, 0
    async for patient in _patients(api, seed):
        if number >= count:
            break
        pool = min(POOLS[turn % len(POOLS)], count - number)
        wanted = [Taken(n, _id(seed, n)) for n in range(number, number + pool)]
        number, turn = number + pool, turn + 1
        if wanted:
            came += await _give(api, patient, wanted, pictures)
            print(f"  {number:,} of {count:,} photographs", flush=True)
    came["nobody to have them"] = count - number
    return +came


def _id(seed: int, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"dermfolio:seed/{seed}/photograph/{number}")


async def _patients(api: Api, seed: int) -> AsyncIterator[UUID]:
    """Those who consent, of those whom the signed-in user sees."""
    prefix, cursor = f"ev{seed}-", None
    while True:
        wanted = {"text": prefix, "sort": "unique_id", "order": "ascending", "limit": PAGE}
        found = await api.search_patients(**wanted, **({} if cursor is None else {"cursor": cursor}))
        for card in found.patients:
            if card.unique_id.startswith(prefix) and card.consent == "given":
                yield card.id
        if (cursor := found.next) is None:
            return


async def _give(api: Api, patient: UUID, wanted: Sequence[Taken], pictures: Sequence[Photograph]) -> Counter[str]:
    there = {image.id for image in await api.whole_pool(patient)}
    missing = [one for one in wanted if one.image not in there]
    came = Counter({"there already": len(wanted) - len(missing)})
    if missing:
        async with Watch(api, patient) as watch:
            for one in missing:
                picture = pictures[one.number % len(pictures)]
                data = retaken(picture.data, one.number)
                await api.put_image(patient, one.image, data, file_name=picture.file_name, media_type=JPEG)
            for one in missing:
                came[(await watch.end_of(one.image, READY_SECONDS)).state] += 1
    return came
