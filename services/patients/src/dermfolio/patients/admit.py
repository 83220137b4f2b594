"""Admission: may an image join a patient's pool?"""

import asyncio
import time
from dataclasses import dataclass
from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.licences import need_uploads
from dermfolio.contracts.consent import ConsentRule, GetConsentRule
from dermfolio.contracts.licence import GetLicence
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import Admission, AdmitImage, MayAdmit
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.licence import LicenceView
from dermfolio.patients import consent_repository, repository
from dermfolio.patients.consent_state import need_consent
from dermfolio.patients.reach import Reach

BELIEVED_SECONDS = 1.0
"""How old what identity said may be when it is decided by: a changed setting is in force everywhere within a second."""


async def may_admit(db: Database, requests: Requests, call: Call, request: MayAdmit) -> Admission:
    """Answer as `admit_image` would now, but for the licence; without deciding, it spares a useless upload."""
    async with db.read() as rows:
        reach = await repository.reach(rows, request.patient, call.actor.user)
        consent = await consent_repository.consent(rows, request.patient)
        admitted = request.image is not None and await repository.is_admitted(rows, request.image)
    if reach is None:
        raise Refused("not_found")
    _check(call, reach)
    if not admitted:
        rule = await requests.ask(GetConsentRule(site=reach.site))
        need_consent(rule.enforcement, consent, now())
    return _admission(reach)


async def admit_image(db: Database, requests: Requests, call: Call, request: AdmitImage) -> Admission:
    """THE decision. What is admitted before a deletion or a revocation of consent commits, or before the licence or the
    consent ends, stays; what comes after is refused. Raises Unavailable when identity cannot be asked, or has said too
    long ago what is decided by.
    """
    async with db.read() as rows:
        reach = await repository.reach(rows, request.patient, call.actor.user)
        admitted = await repository.is_admitted(rows, request.image)
    if reach is None:
        raise Refused("not_found")
    terms = None if admitted else await terms_at(requests, reach.site)
    async with db.write() as s:
        reach = await repository.held(s, request.patient, call.actor.user)
        if reach is None:
            raise Refused("not_found")
        _check(call, reach)
        if terms is not None:
            await terms.need(s, request.patient)
        if await repository.admit(s, request.image, request.patient, call.user()) != request.patient:
            raise Refused("not_found")
        faults.point("admission.written")
    faults.point("admission.committed")
    return _admission(reach)


@dataclass(frozen=True, slots=True)
class Terms:
    """What identity said that admission depends on. It is asked before the patient is held, and compared with the clock
    while the patient is.
    """

    licence: LicenceView
    rule: ConsentRule
    known_at: float

    async def need(self, s: WriteSession, patient: UUID) -> None:
        """Refuse where consent or the licence is missing. Raises Unavailable when it was asked too long ago."""
        if time.monotonic() - self.known_at > BELIEVED_SECONDS:
            raise Unavailable("the patient was held for long; what identity said may have changed")
        need_consent(self.rule.enforcement, await consent_repository.held_consent(s, patient), now())
        need_uploads(self.licence)


async def terms_at(requests: Requests, site: UUID) -> Terms:
    """What identity says now of a home site."""
    licence, rule = await asyncio.gather(requests.ask(GetLicence()), requests.ask(GetConsentRule(site=site)))
    return Terms(licence, rule, time.monotonic())


def _admission(reach: Reach) -> Admission:
    return Admission(site=reach.site, aliases=list(reach.homes)[1:])


def _check(call: Call, reach: Reach) -> None:
    reach.need(call, Permission.IMAGE_WRITE)
    if reach.deleted:
        raise Refused("patient_deleted")
