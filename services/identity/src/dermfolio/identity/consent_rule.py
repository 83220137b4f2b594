"""What a missing consent to photography means at a site (CON-1): what the site says, else the installation."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.consent import ConsentRule

PATIENTS = "patients"

_RULE = """
SELECT coalesce(
    (SELECT nullif(consent_enforcement, 'installation') FROM sites WHERE id = $1),
    (SELECT consent_enforcement FROM installation_settings),
    'disabled'
)
"""
# before an administrator decided anything, the installation has no row


async def consent_rule(db: Database, call: Call, site: UUID) -> ConsentRule:
    """The rule of this moment. It is for patients alone, which decides by it."""
    call.need_service(PATIENTS)
    async with db.read() as rows:
        return ConsentRule(enforcement=await rows.fetchval(_RULE, site))
