"""I6: the chain verifies and has exactly one record per fact of every producer."""

from collections import Counter

from .story import Story
from .truth import PRODUCERS, Truth


async def one_record_per_fact(truth: Truth, story: Story) -> list[str]:
    """Each producer's outbox counts its facts from 1 without gaps, and the trail has each of them once."""
    wrong: list[str] = []
    for producer in PRODUCERS:
        head = await truth.value(producer, "SELECT seq FROM outbox_head")
        said = await truth.rows(producer, "SELECT seq, id, subject FROM outbox WHERE kind = 'evt' ORDER BY seq")
        kept = await truth.rows("audit", _KEPT, producer)
        if [row["seq"] for row in said] != list(range(1, head + 1)):
            wrong.append(f"I6 the facts of {producer} are not counted from 1 to {head} without gaps")
        facts = [(row["seq"], row["id"], row["subject"].removeprefix("evt.")) for row in said]
        records = [(row["seq"], row["id"], row["event"]) for row in kept]
        if facts != records:
            wrong.append(
                f"I6 {producer}: {len(facts)} facts, {len(records)} records; {_first_difference(facts, records)}"
            )
    twice = await truth.value("audit", "SELECT count(*) - count(DISTINCT id) FROM trail")
    if twice:
        wrong.append(f"I6 {twice} records repeat the id of another")
    denied = await truth.rows("audit", _DENIED)
    counted = Counter({row["request_id"]: row["count"] for row in denied})
    wrong += [f"I6 {counted[id_]} records of the refused request {id_}" for id_ in story.denials if counted[id_] != 1]
    return wrong


async def chain_is_whole(truth: Truth, story: Story) -> list[str]:
    """The system's own verdict, as an operator would ask for it."""
    verdict = await story.browser.insist(lambda api: api.verify_trail())
    wrong = [] if verdict.intact else [f"I6 {verdict.finding}"]
    if any(verdict.gaps.values()) or verdict.not_asked:
        wrong.append(f"I6 the trail is behind: {verdict.gaps}, not asked: {verdict.not_asked}")
    return wrong


def _first_difference(facts: list[tuple[object, ...]], records: list[tuple[object, ...]]) -> str:
    differing = next((pair for pair in zip(facts, records, strict=False) if pair[0] != pair[1]), None)
    return f"the first that differ: {differing}"


_KEPT = "SELECT seq, id, body ->> 'event' AS event FROM trail WHERE producer = $1 ORDER BY seq"
_DENIED = """
SELECT body ->> 'request_id' AS request_id, count(*) AS count FROM trail WHERE producer = 'gateway' GROUP BY 1
"""
