"""Users are found by their name and login."""

import sqlalchemy as sa
from alembic import op

from dermfolio.common.searching import searchable

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # code of before, beside this one for a while, adds users without it
    op.add_column("users", sa.Column("search_text", sa.String, nullable=False, server_default=""))
    users = sa.table("users", *map(sa.column, ("id", "login", "display_name", "search_text")))
    for user in op.get_bind().execute(sa.select(users)).all():
        found_by = searchable(user.display_name, user.login)
        op.execute(sa.update(users).where(users.c.id == user.id).values(search_text=found_by))


def downgrade() -> None:
    op.drop_column("users", "search_text")
