"""Which ID tokens are believed."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm
from jwt.warnings import InsecureKeyLengthWarning

from dermfolio.identity.oidc.id_token import Claims, Disbelieved, UnknownKey, claims_of

from .hostile_provider import KEYS, Json, Keys

ISSUER, CLIENT, NONCE = "https://id.clinic.example", "dermfolio", "nonce-of-this-browser"
PUBLISHED = KEYS.published()
OTHERS = Keys()


def said(**changes: Any) -> Json:
    """The claims of a token that is right, changed; None leaves a claim out."""
    moment = int(time.time())
    right = {"iss": ISSUER, "aud": CLIENT, "sub": "00u1", "iat": moment, "exp": moment + 300, "nonce": NONCE}
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def believed(token: str, keys: list[Json] = PUBLISHED) -> Claims:
    return claims_of(token, keys, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, groups_claim="groups")


def doubt(token: str, keys: list[Json] = PUBLISHED) -> str:
    with pytest.raises(Disbelieved) as doubted:
        believed(token, keys)
    return doubted.value.reason


@pytest.mark.req("ORG-6")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_token_that_the_provider_signed_for_this_sign_in_is_believed(algorithm: str) -> None:
    claims = believed(KEYS.sign(said(groups=["derma"], azp=CLIENT, aud=[CLIENT]), algorithm))
    assert (claims.sub, claims.groups) == ("00u1", ["derma"])


def test_a_clock_that_is_a_little_off_is_forgiven() -> None:
    assert believed(KEYS.sign(said(iat=int(time.time()) + 30, nbf=int(time.time()) + 30)))
    assert believed(KEYS.sign(said(exp=int(time.time()) - 30)))


@pytest.mark.req("ORG-6")
@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://id.evil.example"},
        {"iss": ISSUER + "/"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"]},
        {"aud": []},
        {"aud": None},
        {"aud": {CLIENT: True}},
        {"azp": "somebody-else"},
        {"azp": [CLIENT]},
        {"azp": ""},
        {"nonce": "nonce-of-another-browser"},
        {"nonce": ""},
        {"nonce": None},
        {"nonce": [NONCE]},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"exp": -(10**30)},
        {"iat": 10**10},
        {"iat": None},
        {"iat": {}},
        {"nbf": 10**10},
        {"nbf": "later"},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
        {"sub": ["00u1"]},
        {"sub": "a\nb"},
        {"sub": "zoë"},
        {"groups": "derma"},
        {"groups": {"derma": True}},
        {"groups": ["derma", 7]},
        {"groups": [["derma"]]},
    ],
    ids=str,
)
def test_a_token_with_wrong_claims_is_not_believed(changes: Json) -> None:
    assert doubt(KEYS.sign(said(**changes)))


@pytest.mark.req("ORG-6")
def test_a_token_that_the_provider_did_not_sign_is_not_believed() -> None:
    pem = KEYS.rsa.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    none = jwt.encode(said(), None, "none", {"kid": "RS256"})
    # the library refuses to make such a token, so the signature is made by hand
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "RS256"}, said())
    )
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head + b"." + body, pem)
    symmetric = b".".join((head, body, base64.urlsafe_b64encode(mac).rstrip(b"="))).decode()
    header, payload, signature = KEYS.sign(said()).split(".")
    other_payload = KEYS.sign(said(sub="somebody-else")).split(".")[1]
    for token, reason in (
        (none, "algorithm"),
        (symmetric, "algorithm"),
        (OTHERS.sign(said()), "InvalidSignatureError"),
        (KEYS.sign(said(), kid="another"), "unknown_key"),
        (KEYS.sign(said(), kid="ES256"), "unknown_key"),
        (f"{header}.{other_payload}.{signature}", "InvalidSignatureError"),
        (f"{header}.{payload}.", "InvalidSignatureError"),
        (f"{header}.{payload}", "DecodeError"),
        ("", "DecodeError"),
    ):
        assert doubt(token) == reason


def test_a_token_without_a_key_id_is_believed_only_where_one_key_can_be_meant() -> None:
    token = jwt.encode(said(), KEYS.rsa, "RS256")
    assert believed(token)
    with pytest.raises(UnknownKey):
        believed(token, [*PUBLISHED, *OTHERS.published()])


@pytest.mark.req("ORG-6")
def test_keys_for_other_purposes_and_weak_ones_are_not_used() -> None:
    [key, *_] = PUBLISHED
    small = rsa.generate_private_key(65537, 1024)  # noqa: S505
    for changed in (
        {**key, "use": "enc"},
        {**key, "alg": "RS512"},
        {**key, "kty": "oct", "k": "AAAA"},
        {**key, "d": "AAAA"},
        {**key, "n": 7},
        {**key, "e": ""},
        {"kid": "RS256"},
    ):
        assert doubt(KEYS.sign(said()), [changed])
    with pytest.warns(InsecureKeyLengthWarning):
        weak = jwt.encode(said(), small, "RS256", {"kid": "RS256"})
    published = {**RSAAlgorithm.to_jwk(small.public_key(), as_dict=True), "kid": "RS256"}
    assert doubt(weak, [published]) == "InvalidKeyError"


@pytest.mark.parametrize(
    ("more", "groups"),
    [
        ({"realm_access": {"roles": ["derma"]}}, ["derma"]),
        ({"realm_access.roles": ["derma"], "realm_access": {"roles": ["admins"]}}, ["derma"]),
        ({"realm_access": {}}, []),
        ({"realm_access": ["roles"]}, []),
        ({}, []),
    ],
)
def test_groups_may_lie_within_another_claim(more: dict[str, object], groups: list[str]) -> None:
    token = KEYS.sign(said(**more))
    asked = "realm_access.roles"
    claims = claims_of(token, PUBLISHED, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, groups_claim=asked)
    assert claims.groups == groups


def test_only_the_claim_that_is_named_gives_groups() -> None:
    token = KEYS.sign(said(groups=["admins"], **{"urn:clinic:groups": ["derma"]}))
    claims = claims_of(token, PUBLISHED, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, groups_claim="urn:clinic:groups")
    assert claims.groups == ["derma"]


_TEXT = st.text("aä\x00\n\u202e.{}", max_size=9)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["iss", "aud", "azp", "nonce", "sub", "exp", "iat", "nbf", "jti", "name", "groups"]), _JSON
    )
)
def test_whatever_a_signed_token_says_it_is_believed_or_doubted(changes: Json) -> None:
    try:
        claims = believed(KEYS.sign({**said(), **changes}, "EdDSA"))
    except Disbelieved:
        return
    assert changes.get("nonce", NONCE) == NONCE
    assert claims.sub


@given(
    _TEXT | st.binary(max_size=20).map(lambda b: b.decode("latin-1")),
    st.lists(st.dictionaries(_TEXT, _TEXT), max_size=2),
)
def test_whatever_text_comes_as_a_token_it_is_doubted(token: str, keys: list[Json]) -> None:
    assert doubt(token, keys)
