"""The words of FHIR R4 AuditEvent, DICOM and IHE BALP by which others read our trail.

BALP is IHE ITI Basic Audit Log Patterns 1.1 (https://profiles.ihe.net/ITI/BALP).
"""

from dataclasses import dataclass

from dermfolio.contracts.messages import Action


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of a code system."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """What happened, in general: AuditEvent.type and AuditEvent.subtype."""

    type: Coding
    subtype: Coding | None = None
    action: Action | None = None
    """AuditEvent.action where it is not the record's own: in FHIR, a search is executed."""

    balp: str | None = None
    """The profile of BALP that a success follows: `IHE.BasicAudit.…`, with a patient `IHE.BasicAudit.Patient…`."""


@dataclass(frozen=True, slots=True)
class Entity:
    """What a kind of object is: AuditEvent.entity.type and AuditEvent.entity.role."""

    type: Coding
    role: Coding


def _dicom(code: str, display: str) -> Coding:
    return Coding("http://dicom.nema.org/resources/ontology/DCM", code, display)


def _interaction(code: str) -> Coding:
    return Coding("http://hl7.org/fhir/restful-interaction", code, code)


def _entity_type(code: str, display: str) -> Coding:
    return Coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", code, display)


def _role(code: str, display: str) -> Coding:
    return Coding("http://terminology.hl7.org/CodeSystem/object-role", code, display)


_REST = Coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation")
_AUDIT_LOG_USED = _dicom("110101", "Audit Log Used")
_SECURITY_ALERT = _dicom("110113", "Security Alert")
_USER_AUTHENTICATION = _dicom("110114", "User Authentication")

CREATE = Pattern(_REST, _interaction("create"), balp="Create")
READ = Pattern(_REST, _interaction("read"), balp="Read")
UPDATE = Pattern(_REST, _interaction("update"), balp="Update")
DELETE = Pattern(_REST, _interaction("delete"), balp="Delete")
SEARCH = Pattern(_REST, _interaction("search-type"), "E", balp="Query")
EXPORT = Pattern(_dicom("110106", "Export"), _interaction("read"))
LOGIN = Pattern(_USER_AUTHENTICATION, _dicom("110122", "Login"))
LOGOUT = Pattern(_USER_AUTHENTICATION, _dicom("110123", "Logout"))
PROOF = Pattern(_USER_AUTHENTICATION)
"""Somebody who is signed in, or says so, was asked to prove it."""

EMERGENCY_BEGINS = Pattern(_SECURITY_ALERT, _dicom("110127", "Emergency Override Started"))
EMERGENCY_ENDS = Pattern(_SECURITY_ALERT, _dicom("110138", "Emergency Override Stopped"))
SECURITY_CONFIGURATION = Pattern(_SECURITY_ALERT, _dicom("110129", "Security Configuration"))
RESTRICTED = Pattern(_SECURITY_ALERT, _dicom("110132", "Use of Restricted Function"))
SHARING = Pattern(_SECURITY_ALERT, _dicom("110135", "Object Security Attributes Changed"))
ROLES = Pattern(_SECURITY_ALERT, _dicom("110136", "Security Roles Changed"))
USER_SECURITY = Pattern(_SECURITY_ALERT, _dicom("110137", "User Security Attributes Changed"))
RECORDS_MISSED = Pattern(_SECURITY_ALERT)
OBJECTS_LOST = Pattern(_SECURITY_ALERT)
TRAIL_READ = Pattern(_AUDIT_LOG_USED, _interaction("search-type"))
TRAIL_VERIFIED = Pattern(_AUDIT_LOG_USED, _interaction("operation"))

PERSON = _entity_type("1", "Person")
SYSTEM_OBJECT = _entity_type("2", "System Object")
ORGANIZATION = _entity_type("3", "Organization")

PATIENT_ROLE = _role("1", "Patient")
LOCATION_ROLE = _role("2", "Location")
REPORT_ROLE = _role("3", "Report")
DOMAIN_RESOURCE_ROLE = _role("4", "Domain Resource")
MASTER_FILE_ROLE = _role("5", "Master file")
SECURITY_USER_ROLE = _role("11", "Security User Entity")
SECURITY_RESOURCE_ROLE = _role("13", "Security Resource")
REPOSITORY_ROLE = _role("17", "Data Repository")
QUERY_ROLE = _role("24", "Query")
