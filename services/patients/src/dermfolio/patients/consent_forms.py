"""The forms that are signed (CON-5): each site's own, or those of the product. A version never changes."""

from uuid import UUID

import sqlalchemy as sa

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.leases import lock_number
from dermfolio.contracts.consent import ChangeConsentForm, ConsentFormChanged, GetConsentForm
from dermfolio.contracts.organisation import ListSiteNames
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.consent import ConsentFormList, ConsentFormView
from dermfolio.patients import consent_repository, repository
from dermfolio.patients.default_forms import DEFAULT_FORMS
from dermfolio.patients.models import ConsentForm
from dermfolio.patients.reach import alive


async def patient_consent_forms(db: Database, call: Call, patient: UUID) -> ConsentFormList:
    """The forms in force where a patient is at home. Refused as `not_found`."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, patient, call.actor.user))
    reach.need(call, Permission.PATIENT_READ)
    async with db.write() as s:
        return ConsentFormList(forms=[await form_in_force(s, reach.site, language) for language in DEFAULT_FORMS])


async def get_consent_form(
    db: Database, requests: Requests, call: Call, request: GetConsentForm
) -> Answer[ConsentFormView]:
    """The form in force at a site. Refused as `not_found` or `forbidden` to those who do not manage it."""
    await _need_management(requests, call, request.site)
    async with db.write() as s:
        return _answer(await form_in_force(s, request.site, request.language))


async def change_consent_form(
    db: Database, requests: Requests, call: Call, request: ChangeConsentForm
) -> Answer[ConsentFormView]:
    """Put a new version in force; what was signed before stays as it was signed. The same words make none.

    Refused as `not_found`, `forbidden` or `stale_version`.
    """
    await _need_management(requests, call, request.site)
    async with db.write() as s:
        # there is no row to hold before the first version
        lock = lock_number(f"consent form {request.site} {request.language}")
        await s.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": lock})
        before = await form_in_force(s, request.site, request.language)
        if before.version != request.version:
            raise Refused("stale_version", version=before.version)
        if (before.title, before.text) == (request.form.title, request.form.text):
            return _answer(before)
        form = ConsentForm(
            site=request.site,
            language=request.language,
            version=before.version + 1,
            title=request.form.title,
            text=request.form.text,
            changed_by=call.user(),
        )
        s.add(form)
        await s.flush()
        said = ConsentFormChanged(site=request.site, language=request.language, version=form.version)
        s.say(said, call.origin())
        return _answer(_view(form))


async def form_in_force(s: WriteSession, site: UUID, language: str) -> ConsentFormView:
    """The form of a site in one of the languages there are."""
    form = await consent_repository.form(s, site, language)
    if form is not None:
        return _view(form)
    ours = DEFAULT_FORMS[language]
    return ConsentFormView(
        site=site,
        language=language,
        version=0,
        title=ours.title,
        text=ours.text,
        changed_at=None,
        changed_by=None,
    )


async def _need_management(requests: Requests, call: Call, site: UUID) -> None:
    if site not in call.actor.site_roles and not call.actor.may(Permission.INSTALLATION_MANAGE):
        raise Refused("not_found")
    call.need(Permission.SITE_MANAGE, site)
    known = await requests.ask(ListSiteNames())
    if site not in {one.id for one in known.sites}:
        raise Refused("not_found")


def _view(form: ConsentForm) -> ConsentFormView:
    return ConsentFormView(**form.model_dump())


def _answer(form: ConsentFormView) -> Answer[ConsentFormView]:
    return Answer(form.model_dump_json().encode(), 200, form.version)
