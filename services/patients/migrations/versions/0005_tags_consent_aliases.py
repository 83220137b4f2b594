"""What lists show of a patient's tags and consent; one patient may be an alias of another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("tags", ARRAY(UUID()), nullable=False, server_default="{}"))
    op.add_column("patients", sa.Column("consent_given", sa.Boolean, nullable=False, server_default="false"))
    op.add_column("patients", sa.Column("consent_until", sa.DateTime(timezone=True)))
    op.add_column("patients", sa.Column("merged_into", UUID(), sa.ForeignKey("patients.id")))
    op.create_check_constraint(op.f("ck_patients_is_not_an_alias_of_itself"), "patients", "merged_into <> id")
    op.create_index("ix_patients_merged_into", "patients", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_patients_merged_into", "patients")
    op.drop_constraint(op.f("ck_patients_is_not_an_alias_of_itself"), "patients")
    for column in ("merged_into", "consent_until", "consent_given", "tags"):
        op.drop_column("patients", column)
