"""What the service's role in the database may do, and that it may do no more: the trail and its checkpoints are added
to and read. Another role owns the tables and migrates.
"""

from dermfolio.audit.models import APPEND_ONLY
from dermfolio.common.db import Database

GRANTS = {
    **{f"TABLE {table.name}": "SELECT, INSERT" for table in APPEND_ONLY},
    "TABLE trail_head": "SELECT, UPDATE",
    "TABLE chain_keys": "SELECT, INSERT",
    "TABLE trail_origin": "SELECT",
    "TABLE deliveries": "SELECT, INSERT, UPDATE",
    "TABLE cursors": "SELECT, INSERT, UPDATE",
    "FUNCTION make_month(timestamptz)": "EXECUTE",
}
"""Granted at the end of every migration, to the role of the service; nothing else is."""

_CHANGEABLE = """
SELECT relid::regclass::text AS name
FROM unnest($1::text[]) AS kept, pg_partition_tree(kept::regclass)
JOIN pg_class ON pg_class.oid = relid
WHERE has_table_privilege(relid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
   OR has_any_column_privilege(relid, 'UPDATE')
   OR pg_has_role(relowner, 'MEMBER')
ORDER BY 1 LIMIT 1
"""


class UnprotectedTrailError(Exception):
    """The service could change what it has written."""


async def ensure_only_appends(db: Database) -> None:
    """Raise UnprotectedTrailError when this role may change the trail or its checkpoints, or could let itself."""
    async with db.read() as rows:
        name = await rows.fetchval(_CHANGEABLE, [table.name for table in APPEND_ONLY])
        role = await rows.fetchval("SELECT current_user")
    if name is not None:
        raise UnprotectedTrailError(
            f"the role {role} may change records in {name}: have another role own the database of audit, migrate as "
            "that one with DERMFOLIO_DATABASE_ROLE set to the service's role, and start again (docs/audit-trail.md)"
        )
