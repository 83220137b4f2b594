"""Consent on real servers: recorded, revoked, run out, never changed; and nothing admitted without it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import Ground, at, eventually
from dermfolio.contracts import consent as messages
from dermfolio.contracts.merging import MergePatient, UnmergePatient
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import AdmitImage, GetPatient, MayAdmit
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.consent import (
    ConsentEventView,
    ConsentFormText,
    ConsentView,
    DrawnSignature,
    NewConsent,
    Revocation,
)
from dermfolio.patients.default_forms import DEFAULT_FORMS
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

SIGNATURE = {"kind": "drawn", "width": 600, "height": 200, "strokes": [[[10, 20], [30, 40]], [[50, 60]]]}


def signed(*purposes: str, until: datetime | None = None, version: int = 0, language: str = "en") -> NewConsent:
    given = {
        "method": "digital",
        "language": language,
        "form_version": version,
        "signer": "Ada Keratin",
        "relationship": "patient",
        "signature": SIGNATURE,
    }
    return NewConsent.model_validate({"purposes": purposes or ["care"], "until": until, "given": given})


def verified(*purposes: str, until: datetime | None = None) -> NewConsent:
    given = {"method": "external", "verified": "written", "notes": "In the paper record"}
    return NewConsent.model_validate({"purposes": purposes or ["care"], "until": until, "given": given})


class Clinic:
    """Records, revokes and asks for one patient's consent, and uploads."""

    def __init__(self, desk: Desk, actor: Actor, patient: UUID, images: Requests) -> None:
        self.desk, self.actor, self.patient, self._images = desk, actor, patient, images

    async def record(self, consent: NewConsent, key: str | None = None) -> ConsentEventView:
        key = key or str(uuid4())
        asked = messages.RecordConsent(patient=self.patient, consent=consent, idempotency_key=key)
        return await self.desk.ask(asked, self.actor)

    def revocation(self, key: str = "") -> messages.RevokeConsent:
        reason = Revocation(reason="Changed her mind")
        return messages.RevokeConsent(patient=self.patient, revocation=reason, idempotency_key=key or str(uuid4()))

    async def consent(self) -> ConsentView:
        return await self.desk.ask(messages.GetConsent(patient=self.patient), self.actor)

    async def admitted(self, image: UUID | None = None) -> str:
        """What becomes of an upload at the second check."""
        try:
            asked = AdmitImage(patient=self.patient, image=image or uuid4())
            await self._images.ask(asked, self.desk.ground.call(self.actor))
        except Refused as refusal:
            return refusal.code
        return "admitted"


@pytest.fixture
async def clinic(ground: Ground, desk: Desk, clinician: Actor) -> Any:
    patient = (await desk.make(clinician, "pat")).id
    async with ground.asking("images", patience=4.0) as images:
        yield Clinic(desk, clinician, patient, images)


@pytest.mark.req("CON-4")
@pytest.mark.req("CON-5")
async def test_what_was_signed_is_kept_word_by_word_with_its_signature(clinic: Clinic, site: UUID) -> None:
    recorded = await clinic.record(signed("care", "teaching", language="fr"))
    assert (recorded.version, recorded.kind, recorded.by) == (1, "digital", clinic.actor.user)
    asked = messages.GetConsentEvent(patient=clinic.patient, consent=recorded.id)
    kept = await clinic.desk.ask(asked, clinic.actor)
    assert (kept.form_title, kept.form_text) == (DEFAULT_FORMS["fr"].title, DEFAULT_FORMS["fr"].text)
    assert (kept.signer, kept.relationship, kept.form_version) == ("Ada Keratin", "patient", 0)
    assert kept.signature == DrawnSignature.model_validate(SIGNATURE)

    administrator = at(site, Role.SITE_ADMIN)
    forms = await clinic.desk.ask(messages.ListPatientConsentForms(patient=clinic.patient), administrator)
    assert [(form.language, form.version) for form in forms.forms] == [("en", 0), ("fr", 0)]


@pytest.mark.req("CON-5")
async def test_a_form_is_superseded_and_never_changed_and_only_the_one_in_force_is_signed(
    clinic: Clinic, identity: Identity, site: UUID
) -> None:
    identity.names[site] = "Home"
    desk, administrator = clinic.desk, at(site, Role.SITE_ADMIN)
    earlier = await clinic.record(signed())
    form = ConsentFormText(title="Ours", text="Our words.")
    change = messages.ChangeConsentForm(site=site, language="en", form=form, version=0)
    changed = await desk.ask(change, administrator)
    assert (changed.version, changed.text, changed.changed_by) == (1, "Our words.", administrator.user)
    assert await desk.refused(change, administrator) == "stale_version"
    assert await desk.refused(change.model_copy(update={"version": 1}), clinic.actor) == "forbidden"
    assert await desk.refused(change, at(uuid4(), Role.SITE_ADMIN)) == "not_found"
    with pytest.raises(Refused, match="consent_form_changed"):
        await clinic.record(signed(version=0))
    again = await clinic.record(signed(version=1))
    kept = [
        await desk.ask(messages.GetConsentEvent(patient=clinic.patient, consent=event.id), clinic.actor)
        for event in (earlier, again)
    ]
    assert [event.form_text for event in kept] == [DEFAULT_FORMS["en"].text, "Our words."]


@pytest.mark.req("CON-6")
async def test_consent_is_revoked_with_a_reason_and_every_event_stays(clinic: Clinic) -> None:
    before = await clinic.desk.ask(GetPatient(patient=clinic.patient), clinic.actor)
    assert await clinic.desk.refused(clinic.revocation(), clinic.actor) == "consent_not_given"
    given = await clinic.record(verified("care", "research"))
    assert (await clinic.consent()).given
    revoked = await clinic.desk.ask(clinic.revocation("once"), clinic.actor)
    again = await clinic.desk.ask(clinic.revocation("once"), clinic.actor)
    assert (revoked.id, revoked.ends, revoked.reason) == (again.id, given.id, "Changed her mind")
    assert await clinic.desk.refused(clinic.revocation(), clinic.actor) == "consent_not_given"
    state = await clinic.consent()
    assert (state.given, state.missing, state.purposes, state.version) == (False, "revoked", [], 2)
    page = await clinic.desk.ask(messages.ListConsentEvents(patient=clinic.patient, limit=1), clinic.actor)
    rest = messages.ListConsentEvents(patient=clinic.patient, limit=1, cursor=page.next)
    last = await clinic.desk.ask(rest, clinic.actor)
    assert [event.kind for event in (*page.events, *last.events)] == ["revoked", "external"]
    assert last.next is None
    after = await clinic.desk.ask(GetPatient(patient=clinic.patient), clinic.actor)
    assert after.last_modified > before.last_modified
    assert after.version == before.version
    [recorded] = await clinic.desk.said(messages.ConsentRecorded)
    [said] = await clinic.desk.said(messages.ConsentRevoked)
    assert "Changed" not in str(said)
    assert recorded.data["purposes"] == ["care", "research"]


@pytest.mark.req("CON-6")
async def test_the_log_lets_nothing_be_changed_or_removed(clinic: Clinic, database_url: str) -> None:
    await clinic.record(signed())
    connection = await asyncpg.connect(database_url.replace("postgresql+asyncpg", "postgresql"))
    try:
        for statement in (
            "UPDATE consent_events SET purposes = '{}'",
            "DELETE FROM consent_events",
            "TRUNCATE consent_events",
            "DELETE FROM consent_forms",
        ):
            with pytest.raises(asyncpg.RestrictViolationError):
                await connection.execute(statement)
        [kept] = await connection.fetch("SELECT signature FROM consent_events")
        assert b"strokes" not in kept["signature"], "signatures are sealed"
    finally:
        await connection.close()


@pytest.mark.req("CON-7")
async def test_consent_runs_out_at_its_time_and_that_is_said_once(clinic: Clinic, identity: Identity) -> None:
    identity.consent = "required"
    await clinic.record(verified(until=now() + timedelta(seconds=1.5)))
    assert await clinic.admitted() == "admitted"

    async def over() -> bool:
        return not (await clinic.consent()).given

    await eventually(over)
    assert await clinic.admitted() == "consent_required", "whether or not it was said yet"
    [expired] = await clinic.desk.said(messages.ConsentExpired)
    await asyncio.sleep(6)
    assert [fact.id for fact in await clinic.desk.said(messages.ConsentExpired)] == [expired.id]
    state = await clinic.consent()
    assert (state.missing, state.version) == ("expired", 2)
    with pytest.raises(Refused, match="invalid_request"):
        await clinic.record(verified(until=now() - timedelta(seconds=1)))


@pytest.mark.req("CON-7")
async def test_consent_that_is_not_for_care_is_none_for_photographs(clinic: Clinic, identity: Identity) -> None:
    identity.consent = "required"
    await clinic.record(verified("teaching"))
    state = await clinic.consent()
    assert (state.given, state.missing, state.purposes) == (False, "not_for_care", ["teaching"])
    assert await clinic.admitted() == "consent_required"


@pytest.mark.req("CON-1")
@pytest.mark.req("CON-2")
@pytest.mark.req("CON-3")
@pytest.mark.req("POOL-18")
async def test_nothing_is_admitted_without_consent_where_it_is_required_and_what_was_admitted_before_stays(
    clinic: Clinic, identity: Identity
) -> None:
    before = uuid4()
    for enforcement in ("disabled", "advisory"):
        identity.consent = enforcement  # type: ignore[assignment] # each of them is one
        assert await clinic.admitted(before) == "admitted"
        assert (await clinic.consent()).enforcement == enforcement
    identity.consent = "required"
    assert await clinic.admitted() == "consent_required"
    assert await clinic.admitted(before) == "admitted"
    early = MayAdmit(patient=clinic.patient, image=uuid4())
    assert await clinic.desk.refused(early, clinic.actor) == "consent_required"
    await clinic.desk.ask(MayAdmit(patient=clinic.patient, image=before), clinic.actor)
    await clinic.record(signed())
    assert await clinic.admitted(during := uuid4()) == "admitted"
    await clinic.desk.ask(early, clinic.actor)
    await clinic.desk.ask(clinic.revocation(), clinic.actor)
    assert await clinic.admitted() == "consent_required"
    assert await clinic.admitted(during) == "admitted"


@pytest.mark.req("CON-3")
async def test_while_it_cannot_be_checked_nothing_is_admitted(
    ground: Ground, clinic: Clinic, identity: Identity
) -> None:
    await clinic.record(signed())
    identity.consent_unavailable = True
    async with ground.asking("images", patience=1.0) as images:
        with pytest.raises(Unavailable):
            await images.ask(AdmitImage(patient=clinic.patient, image=uuid4()), ground.call(clinic.actor))
    identity.consent_unavailable = False
    assert await clinic.admitted() == "admitted"


@pytest.mark.req("CON-3")
async def test_a_revocation_that_commits_while_an_admission_waits_for_the_patient_counts(
    clinic: Clinic, identity: Identity, database_url: str
) -> None:
    identity.consent = "required"
    await clinic.record(signed())
    connection = await asyncpg.connect(database_url.replace("postgresql+asyncpg", "postgresql"))
    try:
        holding = connection.transaction()
        await holding.start()
        await connection.execute("SELECT FROM patients WHERE id = $1 FOR UPDATE", clinic.patient)
        revoking = asyncio.create_task(clinic.desk.ask(clinic.revocation(), clinic.actor))
        await _waiting(connection, 1)
        admitting = asyncio.create_task(clinic.admitted())
        await _waiting(connection, 2)
        await holding.rollback()
    finally:
        await connection.close()
    assert (await revoking).kind == "revoked"
    assert await admitting == "consent_required"


@pytest.mark.req("CON-1")
async def test_a_setting_that_changes_while_an_admission_waits_for_the_patient_counts(
    clinic: Clinic, identity: Identity, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url.replace("postgresql+asyncpg", "postgresql"))
    try:
        holding = connection.transaction()
        await holding.start()
        await connection.execute("SELECT FROM patients WHERE id = $1 FOR UPDATE", clinic.patient)
        admitting = asyncio.create_task(clinic.admitted())
        await _waiting(connection, 1)
        identity.consent = "required"
        await asyncio.sleep(1.2)
        await holding.rollback()
    finally:
        await connection.close()
    assert await admitting == "consent_required"


@pytest.mark.req("ORG-1")
async def test_clinicians_record_consent_others_look_and_strangers_find_nothing(clinic: Clinic, site: UUID) -> None:
    event = await clinic.record(signed())
    recording = messages.RecordConsent(patient=clinic.patient, consent=signed(), idempotency_key="x")
    for actor, code in (
        (at(site, Role.PHOTOGRAPHER), "forbidden"),
        (at(site, Role.VIEWER), "forbidden"),
        (at(uuid4(), Role.CLINICIAN), "not_found"),
    ):
        for request in (recording, clinic.revocation()):
            assert await clinic.desk.refused(request, actor) == code
    looking = (
        messages.GetConsent(patient=clinic.patient),
        messages.ListConsentEvents(patient=clinic.patient),
        messages.GetConsentEvent(patient=clinic.patient, consent=event.id),
        messages.ListPatientConsentForms(patient=clinic.patient),
    )
    for request in looking:
        await clinic.desk.ask(request, at(site, Role.VIEWER))
        assert await clinic.desk.refused(request, at(uuid4(), Role.SITE_ADMIN)) == "not_found"
    other = (await clinic.desk.make(clinic.actor, "other")).id
    elsewhere = messages.GetConsentEvent(patient=other, consent=event.id)
    assert await clinic.desk.refused(elsewhere, clinic.actor) == "not_found"


@pytest.mark.parametrize(
    "signature",
    [
        {**SIGNATURE, "strokes": []},
        {**SIGNATURE, "strokes": [[[601, 0]]]},
        {**SIGNATURE, "strokes": [[[1, 1]] * 6000, [[1, 1]] * 6000]},
        {**SIGNATURE, "width": 100_000},
        {**SIGNATURE, "svg": "<script>"},
        {"kind": "typed", "name": ""},
    ],
)
def test_signatures_are_bounded(signature: dict[str, Any]) -> None:
    given = {**signed().given.model_dump(), "signature": signature}
    with pytest.raises(ValueError, match="signature"):
        NewConsent.model_validate({"purposes": ["care"], "given": given})


async def _waiting(connection: asyncpg.Connection, many: int) -> None:
    """Return once so many wait for a row that this connection holds."""

    async def wait() -> bool:
        found = await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(found >= many)

    await eventually(wait)


@pytest.mark.req("PAT-7")
async def test_of_merged_records_the_stricter_consent_counts_until_it_is_recorded_anew(
    clinic: Clinic, identity: Identity, site: UUID
) -> None:
    identity.consent = "required"
    administrator = at(site, Role.SITE_ADMIN)
    alias = (await clinic.desk.make(clinic.actor, "again")).id
    await clinic.record(verified())
    assert await clinic.admitted() == "admitted"

    merged = MergePatient(patient=clinic.patient, alias=alias, version=0)
    await clinic.desk.ask(merged, administrator)
    seen = await clinic.consent()
    assert (seen.given, seen.missing) == (False, "other_record")
    assert await clinic.admitted() == "consent_required"

    await clinic.desk.ask(UnmergePatient(patient=clinic.patient, alias=alias), administrator)
    assert (await clinic.consent()).given
    assert await clinic.admitted() == "admitted"

    await clinic.desk.ask(merged.model_copy(update={"version": 2}), administrator)
    assert not (await clinic.consent()).given
    await clinic.record(verified())
    assert (await clinic.consent()).given
    assert await clinic.admitted() == "admitted"
    await clinic.desk.ask(UnmergePatient(patient=clinic.patient, alias=alias), administrator)
    assert (await clinic.consent()).given


@pytest.mark.req("PAT-7")
async def test_a_consent_that_ends_in_a_merged_record_ends_for_the_patient_and_is_said_once(
    clinic: Clinic, identity: Identity, site: UUID
) -> None:
    identity.consent = "required"
    administrator = at(site, Role.SITE_ADMIN)
    alias = (await clinic.desk.make(clinic.actor, "again")).id
    until = now() + timedelta(seconds=3)
    other = messages.RecordConsent(patient=alias, consent=verified(until=until), idempotency_key=str(uuid4()))
    await clinic.desk.ask(other, clinic.actor)
    await clinic.record(verified())
    await clinic.desk.ask(MergePatient(patient=clinic.patient, alias=alias, version=0), administrator)
    assert (await clinic.consent()).given

    async def ended() -> bool:
        return (await clinic.consent()).missing == "other_record"

    await eventually(ended)
    assert await clinic.admitted() == "consent_required"
    events = await clinic.desk.ask(messages.ListConsentEvents(patient=clinic.patient), clinic.actor)
    assert [event.kind for event in events.events] == ["external"]
