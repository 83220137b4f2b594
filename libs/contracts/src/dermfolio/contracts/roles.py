"""Who may do what: ORG-1's table as data. Site roles hold per site; installation roles hold everywhere."""

from enum import StrEnum
from typing import Literal, get_args


class Role(StrEnum):
    """A user's role. `ADMIN` and `AUDITOR` are installation-wide; the others are held per site."""

    VIEWER = "viewer"
    PHOTOGRAPHER = "photographer"
    CLINICIAN = "clinician"
    SITE_ADMIN = "site_admin"
    ADMIN = "admin"
    AUDITOR = "auditor"


RoleAtSite = Literal[Role.VIEWER, Role.PHOTOGRAPHER, Role.CLINICIAN, Role.SITE_ADMIN]
"""A role that is held at a site."""

InstallationRole = Literal[Role.ADMIN, Role.AUDITOR]
"""A role that is held in the whole installation."""

INSTALLATION_ROLES: frozenset[Role] = frozenset(get_args(InstallationRole))

_EVERY_SITE_ROLE = frozenset({Role.VIEWER, Role.PHOTOGRAPHER, Role.CLINICIAN, Role.SITE_ADMIN})
_WORKING = _EVERY_SITE_ROLE - {Role.VIEWER}
_TREATING = frozenset({Role.CLINICIAN, Role.SITE_ADMIN})


class Permission(StrEnum):
    """Something that can be allowed."""

    PATIENT_READ = "patient:read"
    PATIENT_CREATE = "patient:create"
    PATIENT_WRITE = "patient:write"
    PATIENT_SHARE = "patient:share"
    PATIENT_MERGE = "patient:merge"
    BREAK_GLASS = "patient:break_glass"
    IMAGE_READ = "image:read"
    IMAGE_WRITE = "image:write"
    IMAGE_MOVE = "image:move"
    CONSENT_WRITE = "consent:write"
    ENTRY_READ = "entry:read"
    ENTRY_WRITE = "entry:write"
    TAG_ASSIGN = "tag:assign"
    SITE_MANAGE = "site:manage"
    INSTALLATION_MANAGE = "installation:manage"
    TRAIL_READ = "trail:read"
    TRAIL_OF_PATIENT_READ = "trail_of_patient:read"
    TRAIL_VERIFY = "trail:verify"


GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.PATIENT_READ: _EVERY_SITE_ROLE,
    Permission.PATIENT_CREATE: _WORKING,
    Permission.PATIENT_WRITE: _WORKING,
    Permission.PATIENT_SHARE: frozenset({Role.SITE_ADMIN}),
    Permission.PATIENT_MERGE: frozenset({Role.SITE_ADMIN}),
    Permission.BREAK_GLASS: _TREATING,
    Permission.IMAGE_READ: _EVERY_SITE_ROLE,
    Permission.IMAGE_WRITE: _WORKING,
    Permission.IMAGE_MOVE: _TREATING,
    Permission.CONSENT_WRITE: _TREATING,
    Permission.ENTRY_READ: _EVERY_SITE_ROLE,
    Permission.ENTRY_WRITE: _TREATING,
    Permission.TAG_ASSIGN: _WORKING,
    Permission.SITE_MANAGE: frozenset({Role.SITE_ADMIN, Role.ADMIN}),
    Permission.INSTALLATION_MANAGE: frozenset({Role.ADMIN}),
    Permission.TRAIL_READ: frozenset({Role.SITE_ADMIN, Role.ADMIN, Role.AUDITOR}),
    Permission.TRAIL_OF_PATIENT_READ: frozenset({Role.CLINICIAN, Role.SITE_ADMIN, Role.ADMIN, Role.AUDITOR}),
    Permission.TRAIL_VERIFY: frozenset({Role.ADMIN, Role.AUDITOR}),
}

SEEN_IN_EMERGENCY = frozenset({Permission.PATIENT_READ, Permission.IMAGE_READ, Permission.ENTRY_READ})
"""What emergency access to a patient of another site allows (ORG-8): to see, not to change."""
