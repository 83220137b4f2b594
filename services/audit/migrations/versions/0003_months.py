"""The trail in a partition per month, in order of time, with an index for each filter of a search."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FILTERS = {
    "site": "site, at, position) WHERE site IS NOT NULL",
    "patient": "patient, at, position) WHERE patient IS NOT NULL",
    "user": "(body ->> 'user'), at, position) WHERE body ->> 'user' IS NOT NULL",
    "roles": "(body ->> 'roles'), at, position) WHERE body ->> 'roles' IS NOT NULL",
    "event": "(body ->> 'event'), at, position)",
    "action": "(body ->> 'action'), at, position)",
    "outcome": "(body ->> 'outcome'), at, position) WHERE body ->> 'outcome' <> 'success'",
    "object_kind": "(body ->> 'object_kind'), at, position)",
    "object_id": "(body ->> 'object_id'), at, position) WHERE body ->> 'object_id' IS NOT NULL",
    "address": "(body ->> 'address'), at, position) WHERE body ->> 'address' IS NOT NULL",
    "account": (
        "(left(CASE body ->> 'object_kind' WHEN 'user' THEN body ->> 'object_id' ELSE body #>> '{detail,user}' END, "
        "40)), at, position) WHERE producer = 'identity'"
    ),
    "denied": "(body ->> 'user'), at, position) WHERE body ->> 'outcome' = 'denied'",
}

_TRAIL = """
CREATE TABLE trail (
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    key_version integer NOT NULL,
    body json NOT NULL,
    mac bytea NOT NULL,
    id uuid NOT NULL GENERATED ALWAYS AS ((body ->> 'id')::uuid) STORED,
    producer text NOT NULL GENERATED ALWAYS AS (body ->> 'producer') STORED,
    seq bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'seq')::bigint) STORED,
    site uuid GENERATED ALWAYS AS ((body ->> 'site')::uuid) STORED,
    patient uuid GENERATED ALWAYS AS ((body ->> 'patient')::uuid) STORED,
    CONSTRAINT pk_trail PRIMARY KEY (position, at),
    CONSTRAINT one_record_per_fact UNIQUE (producer, seq, at),
    CONSTRAINT ck_trail_position_is_the_records_own CHECK (position = (body ->> 'position')::bigint),
    CONSTRAINT ck_trail_time_is_the_records_own
        CHECK (body ->> 'at' = to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
    CONSTRAINT ck_trail_mac_is_whole CHECK (octet_length(mac) = 32)
) PARTITION BY RANGE (at);
COMMENT ON COLUMN trail.position IS 'gap-free from 1';
COMMENT ON COLUMN trail.at IS 'when it happened; the months are by it';
COMMENT ON COLUMN trail.body IS 'the record in canonical JSON; kept by the byte, unlike jsonb'
"""

_MONTH = """
CREATE FUNCTION make_month(moment timestamptz) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    first date := date_trunc('month', moment);
    month text := 'trail_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(month) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('make_month', 0));
    IF to_regclass(month) IS NULL THEN
        -- made apart and attached: readers of the other months do not wait
        EXECUTE format('CREATE TABLE %I (LIKE trail INCLUDING ALL)', month);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', month);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', month);
        EXECUTE format('ALTER TABLE trail ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       month, first, first + interval '1 month');
    END IF;
END
$$
"""
_MONTH_IS_FOR_WRITERS = "REVOKE ALL ON FUNCTION make_month FROM PUBLIC"

_TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE trail ENABLE ALWAYS TRIGGER append_only
"""

_NAMES = """
ALTER INDEX pk_trail RENAME TO pk_trail_whole;
ALTER INDEX one_record_per_fact RENAME TO one_record_per_fact_whole;
ALTER INDEX one_record_per_refusal RENAME TO one_record_per_refusal_whole
"""

_MOVE = """
INSERT INTO trail (position, at, key_version, body, mac)
SELECT position, (body ->> 'at')::timestamptz, key_version, body, mac FROM trail_whole ORDER BY position
"""


_WHOLE = """
CREATE TABLE trail (
    position bigint NOT NULL CONSTRAINT pk_trail_whole PRIMARY KEY,
    key_version integer NOT NULL,
    body json NOT NULL,
    mac bytea NOT NULL,
    id uuid NOT NULL GENERATED ALWAYS AS ((body ->> 'id')::uuid) STORED,
    producer text NOT NULL GENERATED ALWAYS AS (body ->> 'producer') STORED,
    seq bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'seq')::bigint) STORED,
    site uuid GENERATED ALWAYS AS ((body ->> 'site')::uuid) STORED,
    patient uuid GENERATED ALWAYS AS ((body ->> 'patient')::uuid) STORED,
    CONSTRAINT one_record_per_fact_whole UNIQUE (producer, seq),
    CONSTRAINT ck_trail_position_is_the_records_own CHECK (position = (body ->> 'position')::bigint),
    CONSTRAINT ck_trail_mac_is_whole CHECK (octet_length(mac) = 32)
);
COMMENT ON COLUMN trail.position IS 'gap-free from 1';
COMMENT ON COLUMN trail.body IS 'the record in canonical JSON; kept by the byte, unlike jsonb'
"""
"""What migration 0002 left."""

_WHOLE_INDEXES = {
    "UNIQUE INDEX one_record_per_refusal_whole": "id) WHERE producer = 'gateway'",
    "INDEX ix_trail_site_position": "site, position) WHERE site IS NOT NULL",
    "INDEX ix_trail_patient_position": "patient, position) WHERE patient IS NOT NULL",
    "INDEX ix_trail_account_position": _FILTERS["account"].replace(", at,", ","),
    "INDEX ix_trail_denied_position": _FILTERS["denied"].replace(", at,", ","),
}


def _run(statements: str) -> None:
    for statement in statements.split(";\n"):
        op.execute(statement)


def upgrade() -> None:
    op.rename_table("trail", "trail_whole")
    _run(_NAMES)
    for name in ("site", "patient", "account", "denied"):
        op.execute(f"DROP INDEX ix_trail_{name}_position")
    _run(_TRAIL)
    op.execute("CREATE UNIQUE INDEX one_record_per_refusal ON trail (id, at) WHERE producer = 'gateway'")
    op.execute("CREATE INDEX ix_trail_at ON trail (at, position)")
    for name, rows in _FILTERS.items():
        op.execute(f"CREATE INDEX ix_trail_{name} ON trail ({rows}")
    _run(_TRIGGER)
    op.execute(_MONTH)
    op.execute(_MONTH_IS_FOR_WRITERS)
    op.execute(
        "SELECT make_month(month) FROM (SELECT DISTINCT date_trunc('month', (body ->> 'at')::timestamptz, 'UTC') "
        "AS month FROM trail_whole) AS months"
    )
    op.execute(_MOVE)
    op.drop_table("trail_whole")


def downgrade() -> None:
    op.rename_table("trail", "trail_months")
    _run(_WHOLE)
    for name, rows in _WHOLE_INDEXES.items():
        op.execute(f"CREATE {name} ON trail ({rows}")
    op.execute(
        "INSERT INTO trail (position, key_version, body, mac) "
        "SELECT position, key_version, body, mac FROM trail_months ORDER BY position"
    )
    op.execute("DROP FUNCTION make_month")
    op.drop_table("trail_months")
    for constraint in ("pk_trail", "one_record_per_fact", "one_record_per_refusal"):
        op.execute(f"ALTER INDEX {constraint}_whole RENAME TO {constraint}")
    _run(_TRIGGER)
