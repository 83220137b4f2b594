"""Consent that is taken back between the first check of an upload and its registration (CON-3, POOL-18)."""

import asyncio
from uuid import uuid4

import pytest

from dermfolio.common.testing import eventually
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.consent import NewConsent
from dermfolio.ops.api_client import ApiProblem

from .conftest import System
from .photographs import photograph
from .test_licence import sending, slowly
from .two_sites import CONSENTED, World

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.req("CON-1"),
    pytest.mark.req("CON-3"),
    pytest.mark.req("POOL-18"),
]


async def test_an_upload_that_was_let_in_before_the_revocation_and_arrives_after_it_is_refused_and_swept(
    system: System, world: World
) -> None:
    admin, clinician = world.apis[Role.ADMIN], world.apis[Role.CLINICIAN]
    patient = (await clinician.create_patient(f"consent-{uuid4().hex[:8]}")).id
    before, late, never = uuid4(), uuid4(), uuid4()
    first, second = (photograph(uuid4()).data for _ in range(2))
    settings = await admin.get_settings()
    settings = await admin.change_settings(settings.version, consent_enforcement="required")
    try:
        with pytest.raises(ApiProblem) as refused:
            await clinician.put_image(patient, never, first, file_name="never.jpg")
        assert (refused.value.status, refused.value.code) == (409, "consent_required")
        await clinician.record_consent(patient, NewConsent.model_validate(CONSENTED))
        accepted = await clinician.put_image(patient, before, first, file_name="before.jpg")
        begun, rest = asyncio.Event(), asyncio.Event()
        sent = asyncio.create_task(sending(clinician, patient, late, slowly(second, begun, rest), len(second)))
        await begun.wait()
        await asyncio.sleep(0.5)
        await clinician.revoke_consent(patient, "Changed her mind")
        rest.set()
        assert await sent == (409, "consent_required")

        async def swept() -> bool:
            client = system.stack.embedded.store.client()
            prefixes = [f"originals/{image}/" for image in (late, never)]
            found = [
                await asyncio.to_thread(lambda p=p: list(client.list_objects("dermfolio", p, True))) for p in prefixes
            ]
            return found == [[], []]

        assert await eventually(swept)
        again = await clinician.put_image(patient, before, first, file_name="before.jpg")
        assert again.image.id == accepted.image.id, "what was admitted before stays, and has its answer"
        listed = await clinician.list_images(patient)
        assert [image.id for image in listed.images] == [before]
    finally:
        settings = await admin.get_settings()
        await admin.change_settings(settings.version, consent_enforcement="disabled")
    assert (await clinician.put_image(patient, uuid4(), second, file_name="next.jpg")).outcome == "accepted"
