"""The same 100,000 patients for the system and for the anchor, written by the database itself."""

import hashlib
from uuid import UUID

from dermfolio.local.servers.postgres import Postgres

PATIENTS = 100_000
ANCHOR = "anchor"

_COLUMNS = (
    "id, unique_id, site, first_name, last_name, preferred_name, date_of_birth, sex, email, phone, address,"
    " record_numbers, phototype, notes, image_count, entry_count, counted_version, last_appointment, last_modified,"
    " created_at, created_by, version"
)
_GENERATED = """
    md5('patient ' || n)::uuid, 'seed-' || lpad(n::text, 6, '0'), '{site}',
    (array['Amina', 'Björn', 'Chiara', 'Deniz', 'Elif', 'Fatou', 'Gwen', 'Hana'])[1 + n % 8],
    (array['Okafor', 'Lindqvist', 'Moretti', 'Yildiz', 'van Dijk', 'Nguyễn', 'O''Brien'])[1 + n % 7] || ' ' || n,
    case when n % 5 = 0 then 'Alex' end, date '1930-01-01' + n % 30000,
    (array['female', 'male', 'other', 'unknown'])[1 + n % 4],
    case when n % 3 > 0 then 'patient' || n || '@example.org' end, case when n % 2 = 0 then '+44 20 7946 ' || n end,
    case when n % 3 = 0 then n || ' Harley Street' || chr(10) || 'London' end,
    jsonb_build_array(jsonb_build_object('system', 'clinic', 'number', 'MRN-' || n)),
    (array['I', 'II', 'III', 'IV', 'V', 'VI'])[1 + n % 6],
    case when n % 4 = 0 then repeat('Melanocytic naevus, left forearm; review in six months. ', 1 + n % 5) end,
    n % 40, n % 7, n % 40, case when n % 2 = 0 then timestamptz '2026-01-01' + n * interval '1 minute' end,
    timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2025-01-01' + n * interval '1 minute', '{user}', 1
"""


def patient_id(number: int) -> UUID:
    """The id of the patient with this number, 1 to PATIENTS."""
    return UUID(hashlib.md5(f"patient {number}".encode(), usedforsecurity=False).hexdigest())


def seed_patients(postgres: Postgres, database: str, *, site: UUID, user: UUID) -> None:
    """Write the patients into `database` and let it gather its statistics."""
    generated = _GENERATED.format(site=site, user=user)
    postgres.execute(
        f"insert into patients ({_COLUMNS}) select {generated} from generate_series(1, {PATIENTS}) n;"  # noqa: S608
        "\nvacuum analyze patients;",
        database=database,
    )


def seed_session(postgres: Postgres, *, site: UUID, user: UUID, token: str) -> None:
    """Write the anchor's user, signed in with `token`, and sessions of others beside it."""
    sha256 = hashlib.sha256(token.encode()).hexdigest()
    postgres.execute(
        f"""
        insert into users (id, site, role) values ('{user}', '{site}', 'clinician');
        insert into sessions (id, "user", token_sha256, expires_at)
            select gen_random_uuid(), '{user}', md5(n::text), now() + interval '1 day' from generate_series(1, 1000) n;
        insert into sessions (id, "user", token_sha256, expires_at)
            values (gen_random_uuid(), '{user}', '{sha256}', now() + interval '1 day');
        vacuum analyze users;
        vacuum analyze sessions;
        """,  # noqa: S608 - the benchmark's own values
        database=ANCHOR,
    )
