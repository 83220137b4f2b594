"""A million patients, as `python -m dermfolio.ops seed` makes them, who have photographs by number alone."""

from collections.abc import Sequence
from uuid import UUID

from benchmarks.system import System
from dermfolio.contracts.seeding import SeededSite
from dermfolio.local.secrets import key
from dermfolio.ops.api_client import Api
from dermfolio.ops.asking import OPERATORS, OperatorSettings, asking
from dermfolio.ops.seeding.clinic import make_clinic
from dermfolio.ops.seeding.people import Progress, plant

PATIENTS = 1_000_000
SEED = 1

_COUNT_IMAGES = """
SELECT setseed(0.5);
SET maintenance_work_mem = '256MB';
CREATE TEMP TABLE made_later AS SELECT indexdef FROM pg_indexes WHERE tablename = 'patients' AND indexname LIKE 'ix_%';
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE tablename = 'patients' AND indexname LIKE 'ix_%' LOOP
        EXECUTE 'DROP INDEX ' || quote_ident(name);
    END LOOP;
END $$;
UPDATE patients
SET image_count = CASE WHEN right(unique_id, 4) = '0007' THEN 400 ELSE floor(40 * power(random(), 2)) END;
DO $$ DECLARE statement text; BEGIN
    FOR statement IN SELECT indexdef FROM made_later LOOP EXECUTE statement; END LOOP;
END $$;
VACUUM ANALYZE patients;
VACUUM ANALYZE shares
"""


async def seed(system: System, api: Api) -> tuple[Sequence[SeededSite], Progress]:
    """Fill the system by its own means; returns its sites, largest first, and how it went."""
    assert api.session is not None
    sites = await make_clinic(api)
    async with asking(_operator(system)) as requests:
        progress = await plant(requests, SEED, PATIENTS, sites, api.session.user)
    return sites, progress


def count_images(system: System) -> None:
    """Say of everybody how many photographs there are, as if they had been uploaded: a million uploads take a week."""
    system.stack.embedded.postgres.execute(_COUNT_IMAGES, database="patients")


def tags(site: SeededSite) -> tuple[UUID, UUID, UUID, UUID]:
    """Two common tags, one in between, and the rare one."""
    return site.tags[0], site.tags[1], site.tags[3], site.tags[-1]


def _operator(system: System) -> OperatorSettings:
    nats = system.stack.embedded.nats
    return OperatorSettings(
        nats_url=nats.url,
        nats_password=nats.passwords[OPERATORS],
        signing_key=system.stack.secrets.ensure(OPERATORS, "signing_key", key),
        trusted_keys={},
    )
