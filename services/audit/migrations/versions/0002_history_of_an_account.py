"""Indexes that lead to the history of one account. They are built while the trail is written to."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_trail_account_position": (
        "((left(CASE body ->> 'object_kind' WHEN 'user' THEN body ->> 'object_id' "
        "ELSE body #>> '{detail,user}' END, 40)), position) WHERE producer = 'identity'"
    ),
    "ix_trail_denied_position": "((body ->> 'user'), position) WHERE body ->> 'outcome' = 'denied'",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, rows in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # one that was not finished is of no use
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON trail {rows}")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in _INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
