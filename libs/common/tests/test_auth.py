"""Actors are believed when a trusted key signed them for us, not long ago, for what that key may speak for."""

import base64
import json
import time
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common import auth
from dermfolio.common.auth import AUDIENCE, LIFETIME, Actor, ActorSigner, ActorVerifier, Call, public_key
from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import GRANTS, INSTALLATION_ROLES, Permission, Role

SEEDS = {"gateway": bytes(range(32)), "images": bytes(range(32, 64))}
SITE = UUID(int=7)

SITE_ROLES = sorted(set(Role) - INSTALLATION_ROLES)

users = st.builds(
    Actor,
    st.just("user"),
    st.just("gateway"),
    user=st.uuids(),
    session=st.uuids(),
    site_roles=st.dictionaries(st.uuids(), st.frozensets(st.sampled_from(SITE_ROLES)), max_size=4),
    installation_roles=st.frozensets(st.sampled_from(sorted(INSTALLATION_ROLES))),
    scopes=st.none() | st.frozensets(st.sampled_from(Permission)),
)


@pytest.fixture
def verifier() -> ActorVerifier:
    return ActorVerifier({name: public_key(seed) for name, seed in SEEDS.items()})


def _signer(service: str) -> ActorSigner:
    return ActorSigner(service, SEEDS[service])


def _claims(**changed: Any) -> dict[str, Any]:
    issued = int(time.time())
    claims: dict[str, Any] = {"iss": "gateway", "aud": AUDIENCE, "iat": issued, "exp": issued + LIFETIME, "k": "user"}
    claims |= {"u": str(uuid4()), "s": str(uuid4()), "r": {str(SITE): ["clinician"]}, "i": []}
    return {k: v for k, v in (claims | changed).items() if v is not ...}


def _signed(claims: dict[str, Any], seed: bytes = SEEDS["gateway"]) -> str:
    return jwt.encode(claims, Ed25519PrivateKey.from_private_bytes(seed), algorithm="EdDSA")


def _part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def _refused(verifier: ActorVerifier, token: str | None) -> bool:
    with pytest.raises(Refused) as refusal:
        verifier.verify(token)
    return refusal.value.code == "not_signed_in"


@given(users)
def test_an_actor_arrives_as_it_was_signed(actor: Actor) -> None:
    verifier = ActorVerifier({"gateway": public_key(SEEDS["gateway"])})
    assert verifier.verify(_signer("gateway").sign(actor)) == actor


def test_a_service_speaks_for_itself(verifier: ActorVerifier) -> None:
    assert verifier.verify(_signer("images").own()) == Actor("service", "images")


def test_a_services_own_token_is_renewed_at_half_its_life(monkeypatch: pytest.MonkeyPatch) -> None:
    signer, now = _signer("images"), time.time()
    first = signer.own()
    monkeypatch.setattr(auth.time, "time", lambda: now + LIFETIME / 2 - 2)
    assert signer.own() == first
    monkeypatch.setattr(auth.time, "time", lambda: now + LIFETIME / 2 + 2)
    assert signer.own() != first


def test_a_request_without_an_actor_is_refused(verifier: ActorVerifier) -> None:
    assert _refused(verifier, None)


def test_an_actor_signed_by_an_unknown_key_is_refused(verifier: ActorVerifier) -> None:
    assert _refused(verifier, _signed(_claims(), seed=bytes(range(100, 132))))


def test_an_actor_changed_after_signing_is_refused(verifier: ActorVerifier) -> None:
    head, _, signature = _signed(_claims()).split(".")
    assert _refused(verifier, f"{head}.{_part(_claims(i=['admin']))}.{signature}")


def test_a_service_that_signs_a_user_is_refused(verifier: ActorVerifier) -> None:
    assert _refused(verifier, _signed(_claims(iss="images"), SEEDS["images"]))


def test_a_service_that_signs_in_the_gateways_name_is_refused(verifier: ActorVerifier) -> None:
    assert _refused(verifier, _signed(_claims(iss="gateway"), SEEDS["images"]))


@pytest.mark.parametrize("issuer", ["", "nobody", None, 1, ["gateway"], {"gateway": 1}, ...])
def test_an_issuer_that_nobody_trusts_is_refused(verifier: ActorVerifier, issuer: object) -> None:
    body = _claims() | {"iss": issuer}
    if issuer is ...:
        del body["iss"]
    head = _part({"alg": "EdDSA", "typ": "JWT"})
    unsigned = f"{head}.{_part(body)}"
    signature = Ed25519PrivateKey.from_private_bytes(SEEDS["gateway"]).sign(unsigned.encode())
    assert _refused(verifier, f"{unsigned}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}")


@pytest.mark.parametrize("audience", ["elsewhere", "", None, [], ["elsewhere"], ...])
def test_an_actor_for_another_audience_is_refused(verifier: ActorVerifier, audience: object) -> None:
    assert _refused(verifier, _signed(_claims(aud=audience)))


def test_an_expired_actor_is_refused(verifier: ActorVerifier) -> None:
    issued = int(time.time()) - LIFETIME - 10
    assert _refused(verifier, _signed(_claims(iat=issued, exp=issued + LIFETIME)))


def test_an_actor_that_was_believed_is_refused_once_it_expires(
    verifier: ActorVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _signed(_claims())
    verifier.verify(token)
    later = time.time() + LIFETIME + 10
    monkeypatch.setattr(auth.time, "time", lambda: later)
    real = jwt.api_jwt.datetime

    class Later(real):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return real.fromtimestamp(later, tz)

    monkeypatch.setattr(jwt.api_jwt, "datetime", Later)
    assert _refused(verifier, token)


def test_an_actor_from_the_future_is_refused(verifier: ActorVerifier) -> None:
    issued = int(time.time()) + 60
    assert _refused(verifier, _signed(_claims(iat=issued, exp=issued + LIFETIME)))


@pytest.mark.parametrize("extra", [1, 3600, 10**9])
def test_an_actor_that_would_live_too_long_is_refused(verifier: ActorVerifier, extra: int) -> None:
    issued = int(time.time())
    assert _refused(verifier, _signed(_claims(iat=issued, exp=issued + LIFETIME + extra)))


@pytest.mark.parametrize("claim", ["iss", "aud", "iat", "exp", "k", "u", "s", "r", "i"])
def test_an_actor_with_a_claim_missing_is_refused(verifier: ActorVerifier, claim: str) -> None:
    assert _refused(verifier, _signed(_claims(**{claim: ...})))


@pytest.mark.parametrize(
    "wrong",
    [
        *({"k": "root"}, {"u": "x"}, {"u": None}, {"r": []}, {"r": {"x": []}}, {"r": {str(SITE): ["owner"]}}),
        *({"i": ["x"]}, {"exp": "soon"}, {"exp": None}, {"exp": 1e400}, {"iat": "x"}, {"iat": -1}),
    ],
)
def test_an_actor_with_a_nonsense_claim_is_refused(verifier: ActorVerifier, wrong: dict[str, Any]) -> None:
    assert _refused(verifier, _signed(_claims(**wrong)))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_an_unsigned_actor_is_refused(verifier: ActorVerifier, algorithm: str) -> None:
    for signature in ("", "AA"):
        assert _refused(verifier, f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(_claims())}.{signature}")


def test_an_actor_signed_with_the_public_key_as_a_shared_secret_is_refused(verifier: ActorVerifier) -> None:
    for secret in (
        public_key(SEEDS["gateway"]).encode(),
        base64.urlsafe_b64decode(public_key(SEEDS["gateway"]) + "=="),
    ):
        assert _refused(verifier, jwt.encode(_claims(), secret.ljust(64, b"\0"), algorithm="HS256"))


def test_an_actor_signed_with_another_algorithm_is_refused(verifier: ActorVerifier) -> None:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    assert _refused(verifier, jwt.encode(_claims(), key, algorithm="RS256"))


@given(st.one_of(st.text(max_size=200), st.lists(st.text("abcXYZ019-_=", max_size=40), max_size=5).map(".".join)))
def test_anything_else_is_refused(token: str) -> None:
    assert _refused(ActorVerifier({"gateway": public_key(SEEDS["gateway"])}), token)


def test_a_verifier_remembers_only_so_many_actors() -> None:
    verifier = ActorVerifier({"gateway": public_key(SEEDS["gateway"])}, remembered=10)
    for _ in range(30):
        verifier.verify(_signed(_claims()))
    assert len(verifier._seen) == 10


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_an_actor_may_what_its_role_is_granted(permission: Permission, role: Role) -> None:
    granted = role in GRANTS[permission]
    if role in INSTALLATION_ROLES:
        actor = Actor("user", "gateway", installation_roles=frozenset({role}))
        assert actor.may(permission, SITE) == actor.may(permission) == granted
        assert actor.sites(permission) == []
    else:
        actor = Actor("user", "gateway", site_roles={SITE: frozenset({role})})
        assert actor.may(permission, SITE) == granted
        assert actor.sites(permission) == ([SITE] if granted else [])


@pytest.mark.parametrize("permission", Permission)
def test_a_role_at_one_site_allows_nothing_at_another_or_everywhere(permission: Permission) -> None:
    actor = Actor("user", "gateway", site_roles={SITE: frozenset(SITE_ROLES)})
    assert not actor.may(permission, uuid4())
    assert not actor.may(permission)


@pytest.mark.parametrize("permission", Permission)
def test_a_service_may_nothing_of_what_users_may(permission: Permission) -> None:
    assert not Actor("service", "images").may(permission, SITE)


def test_a_call_refuses_what_its_actor_may_not_and_who_is_no_user_or_not_the_service_meant() -> None:
    call = Call(Actor("service", "images"))
    for refused in (lambda: call.need(Permission.IMAGE_READ, SITE), lambda: call.need_service("gateway")):
        with pytest.raises(Refused, match="forbidden"):
            refused()
    with pytest.raises(Refused, match="not_signed_in"):
        call.user()
    call.need_service("gateway", "images")


def test_the_origin_of_a_users_fact_names_the_user_and_not_the_gateway() -> None:
    actor = Actor("user", "gateway", user=uuid4(), session=uuid4(), site_roles={SITE: frozenset({Role.VIEWER})})
    origin = Call(actor, "r1", "192.0.2.1", "curl/8").origin()
    assert (origin.user, origin.service, origin.session) == (actor.user, None, actor.session)
    assert (origin.roles, origin.address, origin.user_agent, origin.request_id) == (
        ["viewer"],
        "192.0.2.1",
        "curl/8",
        "r1",
    )
    assert Call(Actor("service", "images")).origin().service == "images"


def test_a_calls_token_is_not_shown_when_it_is_printed() -> None:
    assert "secret-token" not in repr(Call(Actor("service", "images"), token="secret-token"))
