"""Two sites with a patient and a ready photograph each, and somebody of each role at the first."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from dermfolio.common.testing import eventually
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.comparisons import NewComparison
from dermfolio.contracts.views.consent import NewConsent
from dermfolio.contracts.views.images import ImageState
from dermfolio.local.first_admin import USER
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import Api
from dermfolio.ops.people import engage

from .photographs import File, photograph
from .truth import looking_into

READY_SECONDS = 120
REASON = "The matrix of operations"
CONSENTED = {"purposes": ["care"], "given": {"method": "external", "verified": "verbal"}}
BREAKS_GLASS = frozenset({Role.CLINICIAN, Role.SITE_ADMIN})
"""Who has emergency access to `World.opened`."""


@dataclass(frozen=True)
class Record:
    """One of each thing that has an id, of one site."""

    site: UUID
    user: UUID
    patient: UUID
    unique_id: str
    image: UUID
    file: File
    category: UUID
    """Of tags of the site."""
    tag: UUID
    entry: UUID
    consent: UUID
    visit: UUID
    """An entry whose workspace holds `image` and `second`, which are compared."""
    second: UUID
    comparison: UUID
    gone: UUID
    """A comparison that may be deleted and restored."""


@dataclass(frozen=True)
class World:
    """`own` and `deleted` belong to the site where roles are held; of `missing` nothing exists."""

    url: str
    password: str
    logins: dict[Role, str]
    apis: dict[Role | None, Api]
    """Somebody of each role, signed in, and somebody who is not."""
    neighbour: Api
    """A clinician of the other site."""
    newcomer: Api
    """A site admin who has to choose a password first."""
    own: Record
    deleted: Record
    shared: Record
    """Of the other site, and shared with the own."""
    opened: Record
    """Of the other site; whoever may has emergency access."""
    other: Record
    missing: Record
    wide_category: UUID
    """Of tags of the installation."""
    wide_tag: UUID


@asynccontextmanager
async def made(stack: Stack, password: str) -> AsyncIterator[World]:
    """Make it all; `password` is the first administrator's, and everybody's."""
    tag, url = secrets.token_hex(4), stack.gateways[0]
    logins = {role: f"{role.value}.{tag}" for role in Role}
    async with Api(url) as admin:
        [at_home] = (await admin.sign_in(USER, password)).sites
        site, elsewhere = at_home.site, (await admin.create_site("Nachbarort", "UTC")).id
        users = {role: await engage(admin, login, password, role, site) for role, login in logins.items()}
        neighbour = await engage(admin, f"neighbour.{tag}", password, Role.CLINICIAN, elsewhere)
        chief = f"chief.{tag}"
        await engage(admin, chief, password, Role.SITE_ADMIN, elsewhere)
        newcomer = await engage(admin, f"newcomer.{tag}", password, Role.SITE_ADMIN, site)
        wide, tags_here, tags_there = [await _tagged(admin, at) for at in (None, site, elsewhere)]
    async with AsyncExitStack() as exits:

        async def signed_in(login: str) -> Api:
            api = await exits.enter_async_context(Api(url))
            await api.sign_in(login, password)
            return api

        apis: dict[Role | None, Api] = {role: await signed_in(login) for role, login in logins.items()}
        apis[None] = await exits.enter_async_context(Api(url))
        here, there = apis[Role.CLINICIAN], await signed_in(f"neighbour.{tag}")
        own, deleted = [await _recorded(here, site, users[Role.CLINICIAN], *tags_here) for _ in range(2)]
        shared, opened, other = [await _recorded(there, elsewhere, neighbour, *tags_there) for _ in range(3)]
        await (await signed_in(chief)).share_patient(shared.patient, site)
        for role in BREAKS_GLASS:
            await apis[role].open_patient(opened.unique_id, REASON)
        async with looking_into(stack) as truth:
            await truth.rows("patients", "UPDATE patients SET deleted_at = now() WHERE id = $1", deleted.patient)
            await truth.rows("identity", "UPDATE users SET password_change_required = true WHERE id = $1", newcomer)
        yield World(
            url=url,
            password=password,
            logins=logins,
            apis=apis,
            neighbour=there,
            newcomer=await signed_in(f"newcomer.{tag}"),
            own=own,
            deleted=deleted,
            shared=shared,
            opened=opened,
            other=other,
            missing=Record(
                uuid4(), uuid4(), uuid4(), "nobody-has-this", uuid4(), photograph(uuid4()), *(uuid4() for _ in range(8))
            ),
            wide_category=wide[0],
            wide_tag=wide[1],
        )


async def _tagged(admin: Api, site: UUID | None) -> tuple[UUID, UUID]:
    """A category with a tag."""
    category = (await admin.create_tag_category(f"Matrix {secrets.token_hex(4)}", "teal", site)).id
    return category, (await admin.create_tag(category, "Naevus")).id


async def _recorded(api: Api, site: UUID, user: UUID, category: UUID, tag: UUID) -> Record:
    file, image = photograph(uuid4()), uuid4()
    unique_id = f"matrix-{secrets.token_hex(6)}"
    patient = (await api.create_patient(unique_id)).id
    consent = (await api.record_consent(patient, NewConsent.model_validate(CONSENTED))).id
    await api.put_image(patient, image, file.data, file_name="skin.jpg")
    second = uuid4()
    await api.put_image(patient, second, photograph(uuid4()).data, file_name="skin.jpg")
    entry, visit = (await api.create_entry(patient)).id, (await api.create_entry(patient)).id
    await api.save_notes(patient, entry, "Two naevi, unchanged.", base_version=0)

    async def ready() -> bool:
        return all([(await api.get_image(patient, one)).state is ImageState.READY for one in (image, second)])

    await eventually(ready, seconds=READY_SECONDS)
    await api.change_workspace(patient, visit, add=[image, second])
    comparison, gone = uuid4(), uuid4()
    for one in (comparison, gone):
        new = NewComparison(images=[image, second], reference=image)
        await api.create_comparison(patient, visit, one, new)
    compared = (visit, second, comparison, gone)
    return Record(site, user, patient, unique_id, image, file, category, tag, entry, consent, *compared)
