"""The outbox keeps payloads as they were written."""

from alembic import op

from dermfolio.common.plumbing import keep_payloads_as_written

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    keep_payloads_as_written(op.get_bind())


def downgrade() -> None:
    op.execute("ALTER TABLE outbox ALTER payload SET STORAGE EXTENDED")
    op.execute("ALTER TABLE outbox ALTER payload TYPE jsonb, ALTER origin TYPE jsonb")
