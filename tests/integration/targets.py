"""The kinds of target that operations take."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission, Role
from dermfolio.gateway.operations import PREFIX
from dermfolio.ops.api_client import Api

from .outcomes import Case, Kind, Place, Places, Who
from .two_sites import CONSENTED, REASON, Record, World


async def _nothing(_: World, __: Who) -> Places:
    return {Case.OWN: [{}]}


async def _site(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"site": world.own.site}],
        Case.OTHER: [{"site": world.other.site}],
        Case.MISSING: [{"site": world.missing.site}],
    }


async def _person(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"user": world.own.user}],
        Case.OTHER: [{"user": world.other.user}],
        Case.MISSING: [{"user": world.missing.user}],
    }


async def _patient(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"patient": world.own.patient}],
        Case.DELETED: [{"patient": world.deleted.patient}],
        Case.SHARED: [{"patient": world.shared.patient}],
        Case.OPENED: [{"patient": world.opened.patient}],
        Case.OTHER: [{"patient": world.other.patient}],
        Case.MISSING: [{"patient": world.missing.patient}],
    }


async def _patient_to_filter_by(world: World, who: Who) -> Places:
    return {case: places for case, places in (await _patient(world, who)).items() if case is not Case.DELETED}


async def _patient_at_site(world: World, __: Who) -> Places:
    """A patient, and a site to share with that sees the patient anyway: what is said is no other afterwards."""
    own, other = world.own, world.other
    return {
        Case.OWN: [{"patient": own.patient, "site": own.site}],
        Case.DELETED: [{"patient": world.deleted.patient, "site": own.site}],
        Case.SHARED: [{"patient": world.shared.patient, "site": site} for site in (own.site, other.site)],
        Case.OPENED: [{"patient": world.opened.patient, "site": site} for site in (own.site, other.site)],
        Case.OTHER: [{"patient": other.patient, "site": site} for site in (own.site, other.site)],
        Case.MISSING: [{"patient": world.missing.patient, "site": own.site}],
    }


async def _pair(world: World, __: Who) -> Places:
    """A patient, and a record to merge into it; of the site's own, the patient itself."""
    own, other, missing = world.own, world.other, world.missing

    def merged(patient: Record, alias: Record) -> Place:
        return {"patient": patient.patient, "alias": alias.patient}

    return {
        Case.OWN: [merged(own, own)],
        Case.DELETED: [merged(world.deleted, own), merged(own, world.deleted)],
        Case.SHARED: [merged(world.shared, own), merged(own, world.shared)],
        Case.OPENED: [merged(world.opened, own), merged(own, world.opened)],
        Case.OTHER: [merged(other, own), merged(own, other)],
        Case.MISSING: [merged(missing, own), merged(own, missing)],
    }


async def _opening(world: World, who: Who) -> Places:
    """Emergency access to a patient of one's site, and somebody else's to one of another site."""
    colleague = Role.SITE_ADMIN if who is Role.CLINICIAN else Role.CLINICIAN
    here = await world.neighbour.open_patient(world.own.unique_id, REASON)
    there = await world.apis[colleague].open_patient(world.opened.unique_id, REASON)
    return {
        Case.OWN: [{"opening": here.id}],
        Case.OTHER: [{"opening": there.id}],
        Case.MISSING: [{"opening": world.missing.user}],
    }


async def _to_open(world: World, __: Who) -> Places:
    return {
        Case.OPENED: [{"unique_id": world.opened.unique_id}],
        Case.MISSING: [{"unique_id": world.missing.unique_id}],
    }


async def _in_sight(world: World, __: Who) -> Places:
    return {Case.OWN: [{"unique_id": world.own.unique_id}], Case.SHARED: [{"unique_id": world.shared.unique_id}]}


async def _image(world: World, __: Who) -> Places:
    """An image under another patient than its own is none."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_both(own, own)],
        Case.SHARED: [_both(world.shared, world.shared)],
        Case.OPENED: [_both(world.opened, world.opened)],
        Case.OTHER: [_both(other, other), _both(own, other), _both(other, own)],
        Case.MISSING: [
            _both(missing, missing),
            _both(own, missing),
            _both(missing, own),
            _both(world.shared, missing),
            _both(world.opened, missing),
        ],
    }


async def _consent(world: World, __: Who) -> Places:
    """An event of another patient's consent is none."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_its(own, own)],
        Case.DELETED: [_its(world.deleted, world.deleted)],
        Case.SHARED: [_its(world.shared, world.shared)],
        Case.OPENED: [_its(world.opened, world.opened)],
        Case.OTHER: [_its(other, other), _its(own, other), _its(other, own)],
        Case.MISSING: [_its(missing, missing), _its(own, missing), _its(missing, own), _its(world.shared, missing)],
    }


async def _given_consent(world: World, who: Who) -> Places:
    """Patients whose consent is in force where it may be revoked."""
    for record in (world.own, world.shared):
        path = f"/patients/{record.patient}/consent/events"
        await _sent(world.apis[Role.CLINICIAN], "POST", path, CONSENTED)
    return await _patient(world, who)


async def _entry(world: World, __: Who) -> Places:
    """An entry under another patient than its own is none."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_with_entry(own, own)],
        Case.DELETED: [_with_entry(world.deleted, world.deleted)],
        Case.SHARED: [_with_entry(world.shared, world.shared)],
        Case.OPENED: [_with_entry(world.opened, world.opened)],
        Case.OTHER: [_with_entry(other, other), _with_entry(own, other), _with_entry(other, own)],
        Case.MISSING: [
            _with_entry(missing, missing),
            _with_entry(own, missing),
            _with_entry(missing, own),
            _with_entry(world.shared, missing),
            _with_entry(world.opened, missing),
        ],
    }


async def _entry_and_image(world: World, __: Who) -> Places:
    """A photograph of another patient than the entry's is none."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_with_both(own, own, own)],
        Case.DELETED: [_with_both(world.deleted, world.deleted, world.deleted)],
        Case.SHARED: [_with_both(world.shared, world.shared, world.shared)],
        Case.OPENED: [_with_both(world.opened, world.opened, world.opened)],
        Case.OTHER: [
            _with_both(other, other, other),
            _with_both(own, own, other),
            _with_both(own, other, own),
            _with_both(other, own, own),
        ],
        Case.MISSING: [
            _with_both(missing, missing, missing),
            _with_both(own, own, missing),
            _with_both(own, missing, own),
            _with_both(world.shared, world.shared, missing),
            _with_both(world.opened, world.opened, missing),
        ],
    }


async def _new_comparison(world: World, __: Who) -> Places:
    """The id of a comparison to create, in an entry whose workspace has something to compare."""
    return _of_visits(world, lambda _: uuid4())


async def _comparison(world: World, __: Who) -> Places:
    """A comparison of another entry, or of another patient's, is none."""
    own, other, missing = world.own, world.other, world.missing
    places = {case: [*found] for case, found in _of_visits(world, lambda record: record.comparison).items()}
    places[Case.OTHER].append(_compared(own, own.visit, other.comparison))
    places[Case.MISSING] += [
        _compared(own, own.visit, missing.comparison),
        _compared(own, own.entry, own.comparison),
        _compared(world.shared, world.shared.visit, missing.comparison),
        _compared(world.opened, world.opened.visit, missing.comparison),
    ]
    return places


async def _gone_comparison(world: World, __: Who) -> Places:
    return _of_visits(world, lambda record: record.gone)


def _of_visits(world: World, which: Callable[[Record], UUID]) -> Places:
    own, other, missing = world.own, world.other, world.missing

    def its(patient: Record, entry: Record) -> Place:
        return _compared(patient, entry.visit, which(entry))

    return {
        Case.OWN: [its(own, own)],
        Case.DELETED: [its(world.deleted, world.deleted)],
        Case.SHARED: [its(world.shared, world.shared)],
        Case.OPENED: [its(world.opened, world.opened)],
        Case.OTHER: [its(other, other), its(own, other), its(other, own)],
        Case.MISSING: [its(missing, missing), its(own, missing), its(missing, own)],
    }


def _compared(patient: Record, visit: UUID, comparison: UUID) -> Place:
    return {"patient": patient.patient, "entry": visit, "comparison": comparison}


async def _entry_to_filter_by(world: World, __: Who) -> Places:
    return {
        Case.OWN: [_with_entry(world.own, world.own)],
        Case.OTHER: [_with_entry(world.own, world.other)],
        Case.MISSING: [_with_entry(world.own, world.missing)],
    }


async def _any_entry(world: World, __: Who) -> Places:
    """What is kept of one's own, whether or not there is such an entry: nothing of it is told."""
    return {
        Case.OWN: [{"entry": world.own.entry}],
        Case.OTHER: [{"entry": world.other.entry}],
        Case.MISSING: [{"entry": world.missing.entry}],
    }


async def _image_to_filter_by(world: World, __: Who) -> Places:
    return {
        Case.OWN: [_both(world.own, world.own)],
        Case.OTHER: [_both(world.own, world.other)],
        Case.MISSING: [_both(world.own, world.missing)],
    }


async def _upload(world: World, __: Who) -> Places:
    """The client makes the id: of an own patient it may be missing, and becomes a photograph."""
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [_both(own, own)],
        Case.DELETED: [_both(world.deleted, missing)],
        Case.SHARED: [_both(world.shared, world.shared)],
        Case.OPENED: [_both(world.opened, missing)],
        Case.OTHER: [_both(other, other), _both(other, missing)],
        Case.MISSING: [_both(missing, missing), _both(missing, own)],
    }


async def _category(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"category": world.own.category}],
        Case.OTHER: [{"category": world.other.category}],
        Case.MISSING: [{"category": world.missing.category}],
    }


async def _tag(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"tag": world.own.tag}],
        Case.OTHER: [{"tag": world.other.tag}],
        Case.MISSING: [{"tag": world.missing.tag}],
    }


async def _category_of_all(world: World, __: Who) -> Places:
    return {Case.OWN: [{"category": world.wide_category}]}


async def _tag_of_all(world: World, __: Who) -> Places:
    return {Case.OWN: [{"tag": world.wide_tag}]}


def _tagged_of(places: Places, tag: UUID) -> Places:
    return {case: [{**place, "tag": tag} for place in found] for case, found in places.items()}


async def _tag_of_patient(world: World, who: Who) -> Places:
    return _tagged_of(await _patient(world, who), world.wide_tag)


async def _tag_of_image(world: World, who: Who) -> Places:
    return _tagged_of(await _image(world, who), world.wide_tag)


async def _tag_of_entry(world: World, who: Who) -> Places:
    return _tagged_of(await _entry(world, who), world.wide_tag)


def _foreign(world: World, places: Places) -> Places:
    """With a tag of the site where the patient is not at home."""
    at_home = {Case.OWN, Case.DELETED}
    return {
        case: [{**place, "tag": world.other.tag if case in at_home else world.own.tag} for place in found]
        for case, found in places.items()
    }


async def _foreign_tag_of_patient(world: World, who: Who) -> Places:
    return _foreign(world, await _patient(world, who))


async def _foreign_tag_of_entry(world: World, who: Who) -> Places:
    return _foreign(world, await _entry(world, who))


async def _foreign_tag_of_image(world: World, who: Who) -> Places:
    return _foreign(world, await _image(world, who))


async def _user(world: World, __: Who) -> Places:
    return {
        Case.OWN: [{"user": world.own.user}],
        Case.OTHER: [{"user": world.other.user}],
        Case.MISSING: [{"user": world.missing.user}],
    }


async def _expendable_user(world: World, __: Who) -> Places:
    """Somebody whom nobody misses."""
    return {
        Case.OWN: [{"user": await _invited(world, world.own.site)}],
        Case.OTHER: [{"user": await _invited(world, world.other.site)}],
        Case.MISSING: [{"user": world.missing.user}],
    }


async def _user_at_site(world: World, __: Who) -> Places:
    own, other, missing = world.own, world.other, world.missing
    return {
        Case.OWN: [{"user": own.user, "site": own.site}],
        Case.OTHER: [{"user": own.user, "site": other.site}, {"user": other.user, "site": other.site}],
        Case.MISSING: [{"user": own.user, "site": missing.site}],
    }


async def _own_token(world: World, who: Who) -> Places:
    return {
        Case.OWN: [{"token": (await token_of(world.apis[who]))[0] if who else world.missing.user}],
        Case.OTHER: [{"token": (await token_of(world.neighbour))[0]}],
        Case.MISSING: [{"token": world.missing.user}],
    }


async def _own_session(world: World, who: Who) -> Places:
    async with Api(world.url) as api:
        opened = (await _session_of(api, world, who)) if who else world.missing.user
    return {
        Case.OWN: [{"session": opened}],
        Case.OTHER: [{"session": await _last_session(world.neighbour)}],
        Case.MISSING: [{"session": world.missing.user}],
    }


async def _no_device(world: World, __: Who) -> Places:
    """A browser is trusted only beside a second factor, which nobody has here."""
    return {Case.MISSING: [{"device": world.missing.user}], Case.OWN: []}


async def _invited(world: World, site: UUID) -> str:
    new = {
        "login": f"expendable-{token_hex(6)}",
        "display_name": "Expendable",
        "sites": [{"site": str(site), "roles": ["viewer"]}],
    }
    return str((await _sent(world.apis[Role.ADMIN], "POST", "/users", new))["id"])


async def token_of(
    api: Api, *, scopes: Sequence[Permission] = (Permission.PATIENT_READ,), sites: Sequence[UUID] = ()
) -> tuple[str, str]:
    """A new API token of whoever is signed in: its id, and itself."""
    expires = (now() + timedelta(days=1)).isoformat()
    new = {"name": "matrix", "scopes": list(scopes), "sites": list(map(str, sites)), "expires_at": expires}
    made = await _sent(api, "POST", "/account/tokens", new)
    return made["id"], made["token"]


async def _session_of(api: Api, world: World, who: Role) -> str:
    await api.sign_in(world.logins[who], world.password)
    return await _last_session(api)


async def _last_session(api: Api) -> str:
    listed = await _sent(api, "GET", "/account/sessions")
    return str(next(session["id"] for session in listed["sessions"] if session["this"]))


async def _sent(api: Api, method: str, path: str, body: Any = None) -> Any:
    headers = {"X-CSRF-Token": api.session.csrf_token if api.session else ""}
    async with api.http.request(method, PREFIX + path, json=body, headers=headers) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json()


def _its(patient: Record, event: Record) -> Place:
    return {"patient": patient.patient, "consent": event.consent}


def _both(patient: Record, image: Record) -> Place:
    return {"patient": patient.patient, "image": image.image}


def _with_entry(patient: Record, entry: Record) -> Place:
    return {"patient": patient.patient, "entry": entry.entry}


def _with_both(patient: Record, entry: Record, image: Record) -> Place:
    return {"patient": patient.patient, "entry": entry.entry, "image": image.image}


NOTHING = Kind(_nothing, filters=True, unseen="forbidden")
SITE = Kind(_site)
PERSON = Kind(_person, everywhere=True)
PERSON_FILTER = Kind(_person, everywhere=True, filters=True, unseen="forbidden")
PATIENT = Kind(_patient)
PATIENT_FILTER = Kind(_patient_to_filter_by, filters=True, unseen="forbidden")
PATIENT_AT_SITE = Kind(_patient_at_site)
PAIR = Kind(_pair)
OPENING = Kind(_opening, seen_by=frozenset())
TO_OPEN = Kind(_to_open, role_first=True)
IN_SIGHT = Kind(_in_sight, role_first=True)
IMAGE = Kind(_image)
CONSENT = Kind(_consent)
GIVEN_CONSENT = Kind(_given_consent)
IMAGE_FILTER = Kind(_image_to_filter_by, filters=True)
ENTRY = Kind(_entry)
ENTRY_FILTER = Kind(_entry_to_filter_by, filters=True)
ENTRY_IMAGE = Kind(_entry_and_image)
VISIT = Kind(_new_comparison)
COMPARISON = Kind(_comparison)
GONE_COMPARISON = Kind(_gone_comparison)
ANY_ENTRY = Kind(_any_entry, everywhere=True, filters=True)
UPLOAD = Kind(_upload)
SITE_FILTER = Kind(_site, everywhere=True, filters=True, unseen="forbidden")
CATEGORY = Kind(_category)
TAG = Kind(_tag)
CATEGORY_OF_ALL = Kind(_category_of_all, seen_by=frozenset(Role))
TAG_OF_ALL = Kind(_tag_of_all, seen_by=frozenset(Role))
TAG_OF_PATIENT = Kind(_tag_of_patient)
TAG_OF_ENTRY = Kind(_tag_of_entry)
TAG_OF_IMAGE = Kind(_tag_of_image)
FOREIGN_TAG_OF_PATIENT = Kind(_foreign_tag_of_patient)
FOREIGN_TAG_OF_ENTRY = Kind(_foreign_tag_of_entry)
FOREIGN_TAG_OF_IMAGE = Kind(_foreign_tag_of_image)
USER = Kind(_user, role_first=True)
EXPENDABLE_USER = Kind(_expendable_user, role_first=True)
USER_AT_SITE = Kind(_user_at_site)
OWN_TOKEN = Kind(_own_token, private=True)
OWN_SESSION = Kind(_own_session, private=True)
NO_DEVICE = Kind(_no_device, private=True)
