"""Renditions say what they are: a full one is no WebP."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_EACH = """
UPDATE images SET renditions = (
  SELECT jsonb_agg({changed} ORDER BY place)
  FROM jsonb_array_elements(renditions) WITH ORDINALITY AS r (rendition, place) WHERE rendition->>'size' <> 'full')
WHERE jsonb_array_length(renditions) > 0
"""


def upgrade() -> None:
    op.execute(sa.text(_EACH.format(changed="""rendition || '{"media_type"\\:"image/webp"}'""")))


def downgrade() -> None:
    op.execute(sa.text(_EACH.format(changed="rendition - 'media_type'")))
