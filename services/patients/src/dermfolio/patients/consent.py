"""Consent to photography (CON-4, CON-6, CON-7): a log that only grows. What its latest event means is kept on the
patient, in the same transaction and under the lock that admissions take too: nothing is admitted on what is over.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.consent import (
    ConsentExpired,
    ConsentRecorded,
    ConsentRevoked,
    ConsentViewed,
    GetConsentEvent,
    GetConsentRule,
    ListConsentEvents,
    RecordConsent,
    RevokeConsent,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.consent import (
    ConsentEventDetails,
    ConsentEventPage,
    ConsentEventView,
    ConsentView,
    NewConsent,
    Purpose,
    SignedForm,
)
from dermfolio.patients import consent_repository, merge_repository, repository, signatures
from dermfolio.patients.consent_forms import form_in_force
from dermfolio.patients.consent_state import Consent, after_giving, stricter, why_missing
from dermfolio.patients.data_keys import KeyProvider
from dermfolio.patients.models import ConsentEvent
from dermfolio.patients.reach import Reach, alive

EXPIRES_EVERY_SECONDS = 5.0
"""How late the news may be that a consent has run out; what is decided is never late."""

EXPIRES_AT_ONCE = 200

_STEP = timedelta(microseconds=1)
_ENDED = ("revoked", "expired")


async def get_consent(db: Database, requests: Requests, reads: ReadLog, call: Call, patient: UUID) -> ConsentView:
    """Whether consent is given, and what follows. Refused as `not_found`; raises Unavailable when identity, which knows
    what follows, cannot be asked.
    """
    reach = await _seen(db, call, patient)
    rule = await requests.ask(GetConsentRule(site=reach.site))
    async with db.read() as rows:
        state, latest = await consent_repository.standing(rows, patient)
    await _record_view(reads, call, reach, patient, [latest.event] if latest.event else [])
    moment = now()
    given, missing = state.holds(moment), why_missing(latest, moment)
    in_force = missing in {None, "not_for_care"}
    return ConsentView(
        patient=patient,
        enforcement=rule.enforcement,
        given=given,
        missing=None if given else missing or "other_record",
        purposes=[Purpose(purpose) for purpose in latest.purposes] if in_force else [],
        until=latest.until if in_force else None,
        event=latest.event,
        version=latest.version,
    )


async def list_consent_events(
    db: Database, reads: ReadLog, cursors: Cursors, call: Call, request: ListConsentEvents
) -> ConsentEventPage:
    """A page of the events of a patient's consent, newest first. Refused as `not_found`."""
    of_list = cursors.of(call, "consent", request.patient)
    behind = of_list.behind(request.cursor)
    reach = await _seen(db, call, request.patient)
    async with db.write() as s:
        found = await consent_repository.events(s, request.patient, behind, request.limit + 1)
        page = [_view(event) for event in found[: request.limit]]
    await _record_view(reads, call, reach, request.patient, [event.id for event in page])
    more = len(found) > len(page)
    return ConsentEventPage(events=page, next=of_list.cursor(page[-1].at, page[-1].id) if more else None)


async def get_consent_event(
    db: Database, keys: KeyProvider, reads: ReadLog, call: Call, request: GetConsentEvent
) -> ConsentEventDetails:
    """One event with what was signed. Refused as `not_found`."""
    reach = await _seen(db, call, request.patient)
    async with db.write() as s:
        event = await consent_repository.event(s, request.patient, request.consent)
    if event is None:
        raise Refused("not_found")
    signature = None
    if event.signature is not None:
        key = await _data_key(db, keys, request.patient)
        signature = await signatures.opened(event.signature, key, event.id)
    await _record_view(reads, call, reach, request.patient, [event.id])
    return ConsentEventDetails(**_facts(event), form_text=event.form_text, signature=signature)


async def record_consent(
    db: Database, keys: KeyProvider, call: Call, request: RecordConsent
) -> Answer[ConsentEventView]:
    """Record that consent was given, in the place of what was recorded before.

    Refused as `not_found`, `forbidden`, `invalid_request` where it would end before it begins, or
    `consent_form_changed` where another form than the signed one is in force.
    """
    consent, key = request.consent, request.idempotency_key
    data_key = await _data_key(db, keys, request.patient) if isinstance(consent.given, SignedForm) else b""
    async with db.write() as s:
        reach = await _held(s, call, request.patient)
        earlier = await _earlier(s, call, request.patient, key, idempotency.digest(request))
        if earlier is not None:
            return _answer(earlier)
        latest = await consent_repository.latest(s, request.patient)
        event = _next(latest, request.patient, consent.given.method, call.user())
        if consent.until is not None and consent.until <= event.at:
            raise Refused("invalid_request", errors=[{"loc": "body.until", "msg": "lies in the past"}])
        event.purposes, event.until = [purpose for purpose in Purpose if purpose in consent.purposes], consent.until
        await _describe(s, event, consent, data_key, reach)
        await _add(s, event, after_giving(event.purposes, event.until))
        s.say(ConsentRecorded(**_said(event, reach)), call.origin())
        await idempotency.remember(s, call.user(), key, str(event.id).encode())
    return _answer(event)


async def revoke_consent(db: Database, call: Call, request: RevokeConsent) -> Answer[ConsentEventView]:
    """Take the consent in force back. What was admitted before stays. Refused as `not_found`, `forbidden`, or
    `consent_not_given` where there is none.
    """
    key = request.idempotency_key
    async with db.write() as s:
        reach = await _held(s, call, request.patient)
        earlier = await _earlier(s, call, request.patient, key, idempotency.digest(request))
        if earlier is not None:
            return _answer(earlier)
        latest = await consent_repository.latest(s, request.patient)
        if latest is None or latest.kind in _ENDED or (latest.until is not None and latest.until <= now()):
            raise Refused("consent_not_given")
        event = _next(latest, request.patient, "revoked", call.user())
        event.ends, event.reason = latest.id, request.revocation.reason
        await _add(s, event, Consent())
        s.say(ConsentRevoked(**_said(event, reach)), call.origin())
        await idempotency.remember(s, call.user(), key, str(event.id).encode())
    return _answer(event)


async def expire_consents(db: Database) -> None:
    """Say of consents that have run out that they have, once each."""
    async with db.read() as rows:
        patients = await consent_repository.run_out(rows, now(), EXPIRES_AT_ONCE)
    for patient in patients:
        async with db.write() as s:
            reach = await repository.held(s, patient, None, alone=True)
            latest = await consent_repository.latest(s, patient)
            if reach is None:
                continue
            if latest is None or latest.kind in _ENDED or latest.until is None or latest.until > now():
                await settle(
                    s, patient
                )  # recorded anew meanwhile, or it ended in a merged record, which says so itself
                continue
            event = _next(latest, patient, "expired", None)
            event.ends = latest.id
            await _add(s, event, Consent())
            s.say(ConsentExpired(**_said(event, reach)), Origin(service="patients"))


async def settle(s: WriteSession, patient: UUID) -> None:
    """Say anew of a patient, held alone, what the consents of all its records mean: of its own, and of those that were
    merged into it since it was recorded last, the stricter counts.
    """
    own, moment = await consent_repository.latest(s, patient), now()
    since = datetime.min.replace(tzinfo=UTC) if own is None else own.at
    merged = [
        a.id for a in await merge_repository.aliases(s, patient) if a.merged_at is not None and a.merged_at >= since
    ]
    state = stricter([_meaning(own), *[_meaning(await consent_repository.latest(s, alias)) for alias in merged]])
    await consent_repository.set_consent(s, patient, state if state.holds(moment) else Consent(), moment)


def _meaning(latest: ConsentEvent | None) -> Consent:
    return Consent() if latest is None or latest.kind in _ENDED else after_giving(latest.purposes, latest.until)


def _next(latest: ConsentEvent | None, patient: UUID, kind: str, by: UUID | None) -> ConsentEvent:
    """The event after the latest; its time is later, whatever the clock says."""
    at = now() if latest is None else max(now(), latest.at + _STEP)
    return ConsentEvent(
        id=uuid4(), patient=patient, version=1 if latest is None else latest.version + 1, kind=kind, at=at, by=by
    )


async def _describe(s: WriteSession, event: ConsentEvent, consent: NewConsent, data_key: bytes, reach: Reach) -> None:
    """Write down how consent was given; of a form, the words that were signed."""
    given = consent.given
    if not isinstance(given, SignedForm):
        event.verified, event.notes = given.verified, given.notes or None
        return
    form = await form_in_force(s, reach.site, given.language)
    if form.version != given.form_version:
        raise Refused("consent_form_changed", version=form.version)
    event.form_language, event.form_version = form.language, form.version
    event.form_title, event.form_text = form.title, form.text
    event.signer, event.relationship = given.signer, given.relationship
    event.signature = await signatures.sealed(given.signature, data_key, event.id)


async def _add(s: WriteSession, event: ConsentEvent, state: Consent) -> None:
    s.add(event)
    await s.flush()
    await consent_repository.set_consent(s, event.patient, state, event.at)


async def _earlier(s: WriteSession, call: Call, patient: UUID, key: str, digest: bytes) -> ConsentEvent | None:
    earlier = await idempotency.earlier_answer(s, call.user(), key, digest)
    return None if earlier is None else await consent_repository.event(s, patient, UUID(earlier.decode()))


async def _held(s: WriteSession, call: Call, patient: UUID) -> Reach:
    reach = alive(await repository.held(s, patient, call.actor.user, alone=True))
    reach.need(call, Permission.CONSENT_WRITE)
    return reach


async def _seen(db: Database, call: Call, patient: UUID) -> Reach:
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, patient, call.actor.user))
    reach.need(call, Permission.PATIENT_READ)
    return reach


async def _record_view(reads: ReadLog, call: Call, reach: Reach, patient: UUID, events: list[UUID]) -> None:
    opening = reach.needed_opening(call.actor, Permission.PATIENT_READ)
    viewed = ConsentViewed(patient=patient, site=reach.site, consents=events)
    await reads.record(viewed, call.origin(opening), shared=bool(reach.shared))


async def _data_key(db: Database, keys: KeyProvider, patient: UUID) -> bytes:
    async with db.read() as rows:
        found = await repository.wrapped_key(rows, patient)
    if found is None:
        raise Refused("not_found")
    return keys.unwrap(found[0], patient)


def _said(event: ConsentEvent, reach: Reach) -> dict[str, Any]:
    facts = event.model_dump(include={"patient", "kind", "purposes", "version"})
    return {"consent": event.id, "site": reach.site, **facts}


def _facts(event: ConsentEvent) -> dict[str, Any]:
    return event.model_dump(exclude={"patient", "signature", "form_text"})


def _view(event: ConsentEvent) -> ConsentEventView:
    return ConsentEventView(**_facts(event))


def _answer(event: ConsentEvent) -> Answer[ConsentEventView]:
    return Answer(_view(event).model_dump_json().encode(), 201)
