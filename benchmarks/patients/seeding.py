"""A million patients, written by the database itself: most at home at two sites, some shared with these."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from dermfolio.local.servers.postgres import Postgres
from dermfolio.patients.searched import name_key, searched

PATIENTS = 1_000_000
FAR_SITES = 18
TAGS = 40

_FIRST = ("Amina", "Björn", "Chiara", "Deniz", "Elif", "Fatou", "Gwen", "Hana", "Иван", "حسن", "美咲", "Łucja", "Zoë")
_LAST = ("Okafor", "Lindqvist", "Moretti", "Yilmaz", "van Dijk", "Nguyễn", "O'Brien", "Иванов", "العلي", "田中", "Żak")
_SYLLABLES = ("ba", "ro", "mil", "ten", "sor", "ka", "vi", "lun", "de", "gar", "pin", "ost", "wer", "zu", "fe", "nad")

_FILL = """
SELECT setseed(0.5);
SET maintenance_work_mem = '256MB';
CREATE TEMP TABLE made_later AS SELECT indexdef FROM pg_indexes WHERE tablename = 'patients' AND indexname LIKE 'ix_%%';
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE tablename = 'patients' AND indexname LIKE 'ix_%%' LOOP
        EXECUTE 'DROP INDEX ' || quote_ident(name);
    END LOOP;
END $$;
CREATE TEMP TABLE firsts (number int PRIMARY KEY, name text, words text, sorted text);
INSERT INTO firsts VALUES %(firsts)s;
CREATE TEMP TABLE lasts (number int PRIMARY KEY, name text, words text, sorted text);
INSERT INTO lasts VALUES %(lasts)s;
INSERT INTO patients (id, unique_id, site, first_name, last_name, date_of_birth, sex, record_numbers, image_count,
    entry_count, counted_version, tags, consent_given, last_appointment, last_modified, created_at, created_by, version,
    searched, name_key)
SELECT md5('patient ' || n)::uuid, 'derm-' || lpad(n::text, 7, '0'),
    CASE WHEN n %% 20 < 18 THEN (ARRAY[%(sites)s]::uuid[])[1 + n %% 2] ELSE md5('site ' || n %% %(far)s)::uuid END,
    f.name, l.name, date '1930-01-01' + n %% 30000, (ARRAY['female', 'male'])[1 + n %% 2],
    jsonb_build_array(jsonb_build_object('system', 'clinic', 'number', 'MRN-' || n * 7)),
    images, entries, images, tags, n %% 3 = 0,
    CASE WHEN entries > 0 THEN seen END, greatest(seen, timestamptz '2021-06-01' + n * interval '150 seconds'),
    timestamptz '2021-01-01' + n * interval '150 seconds', '%(user)s', 1,
    ' derm-' || lpad(n::text, 7, '0') || f.words || l.words || ' mrn-' || n * 7, l.sorted || chr(9) || f.sorted
FROM (
    SELECT n, floor(random() * %(first_names)s)::int AS first, floor(power(random(), 2) * %(last_names)s)::int AS last,
        CASE WHEN n %% 10000 = 7 THEN 400 ELSE floor(40 * power(random(), 2))::int END AS images,
        CASE WHEN n %% 10000 = 9 THEN 60 ELSE floor(9 * power(random(), 2))::int END AS entries,
        timestamptz '2021-01-01' + n * interval '120 seconds' + random() * interval '400 days' AS seen,
        ARRAY(SELECT md5('tag ' || t)::uuid FROM unnest(ARRAY[
            CASE WHEN n %% 4 = 1 THEN 0 END, CASE WHEN n %% 5 = 1 THEN 1 END, 2 + n %% (%(tags)s - 2),
            CASE WHEN n %% 10000 = 11 THEN %(tags)s END
        ]) AS t WHERE t IS NOT NULL ORDER BY 1) AS tags
    FROM generate_series(1, %(patients)s) AS n
) AS p JOIN firsts AS f ON f.number = p.first JOIN lasts AS l ON l.number = p.last;
INSERT INTO shares (patient, site, shared_by, shared_at, last_modified)
SELECT id, (ARRAY[%(sites)s]::uuid[])[1 + counted_version %% 2], '%(user)s', now(), now()
FROM patients WHERE site <> ALL (ARRAY[%(sites)s]::uuid[]) AND counted_version %% 5 = 0;
DO $$ DECLARE statement text; BEGIN
    FOR statement IN SELECT indexdef FROM made_later LOOP EXECUTE statement; END LOOP;
END $$;
VACUUM ANALYZE patients;
VACUUM ANALYZE shares
"""


def tag(number: int) -> UUID:
    """A tag: 0 and 1 are common, TAGS is rare."""
    return UUID(hashlib.md5(f"tag {number}".encode(), usedforsecurity=False).hexdigest())


def seed(postgres: Postgres, database: str, *, sites: Sequence[UUID], user: UUID) -> None:
    """Write the patients; their indexes are made behind them."""
    lasts = [*_LAST, *(f"{a}{b}{c}".title() for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES)]
    values = {
        "firsts": ", ".join(_row(n, name, name_key(None, name, None, None)) for n, name in enumerate(_FIRST)),
        "lasts": ", ".join(_row(n, name, name_key(name, None, None, None)) for n, name in enumerate(lasts)),
        "first_names": len(_FIRST),
        "last_names": len(lasts),
        "sites": ", ".join(f"'{site}'" for site in sites),
        "far": FAR_SITES,
        "tags": TAGS,
        "patients": PATIENTS,
        "user": user,
    }
    postgres.execute(_FILL % values, database=database)


def _row(number: int, name: str, sorted_by: str) -> str:
    texts = (name, searched("", (name,), ()), sorted_by)
    return f"({number}, {', '.join(_quoted(text) for text in texts)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
