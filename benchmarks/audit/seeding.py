"""Ten million records in the trail's table, written by the database itself: three years of a group of clinics."""

from collections.abc import Mapping
from typing import Any

from dermfolio.local.servers.postgres import Postgres

RECORDS = 10_000_000
MONTHS = 36
FIRST_POSITION = 1_000_000_000
"""Behind everything that the running service writes meanwhile."""

SITES, USERS, PATIENTS, ADDRESSES = 40, 400, 100_000, 300

_BODY = """
    '{"action":"' || action || '","address":"10.0.' || n % 3 || '.' || least(n % %(addresses)s, 250)
    || '","at":"' || told || '","detail":{"images":["' || md5('image ' || n) || '"]},"event":"' || event
    || '","id":"' || md5('record ' || n)::uuid || '","object_id":"' || md5('image ' || n % 3000000)::uuid
    || '","object_kind":"' || kind || '","outcome":"' || outcome || '","patient":"' || md5('patient ' || patient)::uuid
    || '","position":' || n + %(first)s || ',"producer":"' || producer || '","recorded_at":"' || told
    || '","request_id":"' || md5('request ' || n) || '","roles":' || roles || ',"seq":' || n + %(first)s
    || ',"session":"' || md5('session ' || n % 60000)::uuid || '","site":"' || md5('site ' || site)::uuid
    || '","user":"' || md5('user ' || actor)::uuid
    || '","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0","v":1}'
"""

_ROWS = """
SELECT n + %(first)s AS position, at, 1 AS key_version, (%(body)s)::json AS body, sha256(n::text::bytea) AS mac
FROM (
    SELECT n, at, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS told,
        -- few people do most of the work, few patients come often
        floor(%(users)s * power(random(), 2))::int AS actor, floor(%(patients)s * power(random(), 2))::int AS patient,
        floor(%(sites)s * power(random(), 2))::int AS site,
        CASE WHEN n % 10000 = 0 THEN 'failure' WHEN n % 500 = 0 THEN 'denied' ELSE 'success' END AS outcome,
        CASE WHEN n % 20000 = 0 THEN '["auditor"]' WHEN n % 900 = 0 THEN '["site_admin"]'
             WHEN n % 3 = 0 THEN '["photographer"]' ELSE '["clinician"]' END AS roles,
        CASE WHEN n % 100000 = 0 THEN 'D' WHEN n % 10 = 0 THEN 'C' WHEN n % 33 = 0 THEN 'U' WHEN n % 100 = 1 THEN 'E'
             ELSE 'R' END AS action,
        CASE WHEN n % 40 = 0 THEN 'patients' ELSE 'images' END AS producer,
        CASE WHEN n % 40 = 0 THEN 'patients.viewed' WHEN n % 100000 = 0 THEN 'images.deleted'
             WHEN n % 10 = 0 THEN 'images.ingested' WHEN n % 100 = 1 THEN 'images.original_downloaded'
             ELSE 'images.rendition_viewed' END AS event,
        CASE WHEN n % 40 = 0 THEN 'patient' ELSE 'image' END AS kind
    FROM (
        SELECT n, date_trunc('microseconds', begin_at + (n - begin_n) * ((end_at - begin_at) / %(month)s)) AS at
        FROM (VALUES (timestamptz '%(begin)s', timestamptz '%(end)s', %(number)s * %(month)s)) AS span (
            begin_at, end_at, begin_n
        ), generate_series(begin_n, begin_n + %(month)s - 1) AS n
    ) AS numbered
) AS made
"""

_FILL = """
SET timezone = 'UTC';
SELECT setseed(0.5);
CREATE TABLE %(name)s (LIKE trail INCLUDING ALL EXCLUDING INDEXES);
INSERT INTO %(name)s (position, at, key_version, body, mac) %(rows)s;
ALTER TABLE trail ATTACH PARTITION %(name)s FOR VALUES FROM ('%(begin)s') TO ('%(end)s');
ANALYZE %(name)s
"""


def seed(postgres: Postgres, database: str) -> None:
    """Write the records, a month at a time up to the last whole one; the indexes are made behind them."""
    settings = {
        "first": FIRST_POSITION,
        "month": RECORDS // MONTHS,
        "sites": SITES,
        "users": USERS,
        "patients": PATIENTS,
        "addresses": ADDRESSES,
    }
    for number, (name, begin, end) in enumerate(_months(postgres)):
        span = {**settings, "number": number, "name": name, "begin": begin, "end": end}
        postgres.execute(
            _filled(_FILL, {**span, "rows": _filled(_ROWS, {**span, "body": _filled(_BODY, span)})}), database=database
        )


def _months(postgres: Postgres) -> list[tuple[str, str, str]]:
    """Partition's name, first moment and end of each month, the oldest first."""
    listed = postgres.execute(
        "SET timezone = 'UTC'; SELECT 'trail_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month' "  # noqa: S608 - a number of our own
        f"FROM generate_series(date_trunc('month', now()) - interval '{MONTHS} months', "
        "date_trunc('month', now()) - interval '1 month', interval '1 month') AS month"
    )
    return [(name, begin, end) for name, begin, end in (line.split("|") for line in listed.splitlines())]


def _filled(template: str, values: Mapping[str, Any]) -> str:
    """Put the values in; `%` alone is the remainder's sign."""
    for name, value in values.items():
        template = template.replace(f"%({name})s", str(value))
    return template
