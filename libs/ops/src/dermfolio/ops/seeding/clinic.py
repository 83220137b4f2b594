"""The sites and tags that invented patients have, made through the public API where they are missing."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dermfolio.contracts.roles import Role
from dermfolio.contracts.seeding import SeededSite
from dermfolio.ops.api_client import Api

SITES: Mapping[str, str] = {
    "Northside Dermatology": "Europe/London",
    "Clinique du Lac": "Europe/Zurich",
    "Harbor Skin Center": "America/New_York",
}
"""Time zones, by names."""

Category = tuple[str, str, Sequence[str]]
"""Its name, its colour, and its tags."""

DIAGNOSES: Category = (
    "Diagnosis",
    "red",
    (
        "Melanocytic naevus",
        "Psoriasis",
        "Atopic dermatitis",
        "Acne",
        "Rosacea",
        "Basal cell carcinoma",
        "Squamous cell carcinoma",
        "Melanoma",
        "Seborrhoeic keratosis",
        "Vitiligo",
        "Lichen planus",
        "Contact dermatitis",
        "Rothmund-Thomson syndrome",
    ),
)
"""The first two are common, the last is rare."""

REGIONS: Category = ("Body region", "blue", ("Face", "Scalp", "Trunk", "Arm", "Leg", "Hands and feet"))
STUDIES: Category = ("Study", "teal", ("Biologics register", "Wound healing", "Teledermatology"))
"""Of each site."""


async def make_clinic(api: Api) -> list[SeededSite]:
    """Every site of the installation, those above among them, with the tags that may be given there. The signed-in
    administrator works at all of them from then on. What is there by name stays as it is. Raises ApiProblem.
    """
    known = {site.name: site for site in await api.list_sites()}
    for name, zone in SITES.items():
        if name not in known:
            known[name] = await api.create_site(name, zone)
    await _work_at(api, [site.id for site in known.values()])
    diagnoses, regions = [await _tags(api, category, None) for category in (DIAGNOSES, REGIONS)]
    made = []
    for site in sorted(known.values(), key=lambda site: (site.created_at, site.id)):
        of_site = await _tags(api, STUDIES, site.id)
        tags = [*diagnoses[:-1], *regions, *of_site, *diagnoses[-1:]]
        made.append(SeededSite(site=site.id, time_zone=site.time_zone, tags=tags))
    return made


async def _work_at(api: Api, sites: Sequence[UUID]) -> None:
    session = await api.get_session()
    for site in sites:
        if site not in {held.site for held in session.sites}:
            user = await api.get_user(session.user)
            await api.set_site_roles(user.id, site, [Role.SITE_ADMIN], user.version)
    await api.get_session()


async def _tags(api: Api, category: Category, site: UUID | None) -> list[UUID]:
    """The tags of a category by their order above, but for those that somebody retired."""
    name, colour, tags = category
    listed = {one.name: one for one in (await api.list_tags(site)).categories}
    made = listed.get(name) or await api.create_tag_category(name, colour, site)
    there = {tag.name: tag for tag in made.tags}
    for tag in tags:
        if tag not in there and not made.retired:
            there[tag] = await api.create_tag(made.id, tag)
    return [there[tag].id for tag in tags if tag in there and not there[tag].retired and not made.retired]
