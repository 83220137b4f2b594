"""The house rules find what they guard against, and nothing else."""

import pytest

from tools.lint import findings

INSIDE = "services/images/src/dermfolio/images/ingest.py"


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("commit-at-the-end", "async def f(s): await s.commit()"),
        ("log-facts", "log.info(f'ingested {image}')"),
        ("log-facts", "log.warning('Image ingested')"),
        ("log-facts", "log.info('image.ingested', file_name=name)"),
        ("spawn", "import os\nos.fork()"),
        ("spawn", "import multiprocessing\nmultiprocessing.get_context('fork')"),
        ("say-not-publish", "async def f(bus): await bus.publish('evt.images.ingested', b'')"),
    ],
)
def test_a_broken_rule_is_found(rule: str, source: str) -> None:
    assert [line for line in findings(INSIDE, source) if f": {rule}: " in line]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (INSIDE, "log.info('image.ingested', image=str(image.id), ms=12)"),
        (INSIDE, "async def f(s): s.say(fact, origin)"),
        ("libs/common/src/dermfolio/common/db.py", "async def f(s): await s.commit()"),
        ("libs/common/src/dermfolio/common/bus/publishing.py", "async def f(c): await c.publish('a', b'')"),
        ("services/images/tests/test_ingest.py", "async def f(s): await s.commit()"),
    ],
)
def test_what_keeps_the_rules_passes(path: str, source: str) -> None:
    assert findings(path, source) == []
