"""What real OpenID Connect servers send: keys without `alg`, null members, issuers in various forms."""

import json
from contextlib import closing
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

import providers
from browser import Visitor
from databases import SQLITE_ONLY
from oauth_login import id_tokens, provider_client
from oauth_server import Answer
from people import new_email, refusal
from providers import DISCOVERY, OpenIdProvider

FAILED = (400, "oauth_error")


@pytest.fixture
def company(google):
    """A provider whose responses a test can change."""
    google.new_person(email=new_email("alice"), email_verified=True)
    return google


def log_in(service):
    return Visitor(service).log_in_with("google")


# --------------------------------------------------------------------------------------------------------------- keys


def published(key, algorithm, **members):
    return {**jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True), "kid": "k", **members}


RSA = providers._rsa_key(7)
OTHER = providers._rsa_key(8)
SIGNING = {
    "RS256": RSA, "RS384": RSA, "RS512": RSA, "PS256": RSA, "PS512": RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}  # fmt: skip


class Signs:
    """A provider that signs with one algorithm and publishes these keys."""

    def __init__(self, provider, algorithm, keys):
        provider.changes_at[DISCOVERY] = {"id_token_signing_alg_values_supported": [algorithm]}
        provider._signed = lambda claims: jwt.encode(claims, SIGNING[algorithm], algorithm, {"kid": "k"})
        provider.jwks = lambda _request: {"keys": keys}


@SQLITE_ONLY
@pytest.mark.parametrize("algorithm", SIGNING)
@pytest.mark.parametrize("members", [{}, {"use": "sig"}, {"alg": None, "use": None}, {"key_ops": ["verify"]}], ids=str)
def test_alg_of_a_key_is_optional(service, company, algorithm, members):
    Signs(company, algorithm, [published(SIGNING[algorithm], algorithm, **members)])
    assert log_in(service).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize(
    "keys",
    [
        [published(RSA, "RS256", use="enc")],
        [published(RSA, "RS256", key_ops=["encrypt"])],
        [published(RSA, "RS256", alg="RS512")],
        [published(RSA, "RS256", alg="RSA-OAEP")],
        [published(OTHER, "RS256")],
        [published(SIGNING["ES256"], "ES256")],
        [{"kty": "oct", "k": "c2VjcmV0", "kid": "k"}],
        [{"kty": "RSA", "kid": "k"}],
        [],
        ["rubbish"],
    ],
    ids=range(10),
)
def test_key_for_another_use_verifies_nothing(service, company, keys):
    Signs(company, "RS256", keys)
    assert refusal(log_in(service)) == FAILED


@SQLITE_ONLY
def test_unknown_keys_and_keys_with_the_same_id_are_ignored(service, company):
    strange = [{"kty": "AKP", "alg": "ML-DSA-44", "kid": "k"}, None, 7, {"kty": "RSA", "use": "enc", "kid": "k"}]
    Signs(company, "RS256", [*strange, published(SIGNING["ES256"], "ES256"), published(RSA, "RS256")])
    assert log_in(service).status_code == 200


# ---------------------------------------------------------------------------------------------------------- discovery

OPTIONAL = [
    "userinfo_endpoint", "code_challenge_methods_supported", "claims_supported",
    "id_token_signing_alg_values_supported", "authorization_response_iss_parameter_supported",
    "userinfo_signing_alg_values_supported", "end_session_endpoint", "registration_endpoint", "scopes_supported",
]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("value", [None, ""], ids=repr)
@pytest.mark.parametrize("member", OPTIONAL)
def test_null_member_is_absent(service, company, member, value):
    document = company.discovery()
    company.metadata = {**company.metadata, member: value}
    if member in document and member.endswith("endpoint"):
        company.discovery = lambda _request=None: document | {member: value}
    assert log_in(service).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("member", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_required_member_has_no_default(service, company, member):
    company.changes_at[DISCOVERY] = {member: ""}
    answer = Visitor(service).log_in_with("google")
    assert answer.status_code == 400


ISSUERS = [
    ("http://LOCALHOST:8215/x", "http://LOCALHOST:8215/x", True),
    ("https://id.example:443/x", "https://id.example:443/x", True),
    ("https://id.example/x/", "https://id.example/x/", True),
    ("https://id.example/x", "https://id.example/x/", True),
    ("https://id.example/x/", "https://id.example/x", True),
    ("https://id.example/X", "https://id.example/x", False),
    ("https://ID.example/x", "https://id.example/x", False),
    ("https://id.example:443/x", "https://id.example/x", False),
    ("https://id.example/x", "https://evil.example/x", False),
    ("https://id.example/x", "https://id.example/x/../y", False),
    ("https://id.example", "https://id.example.evil.example", False),
    ("https://id.example/.", "https://id.example/x", False),
]


def belongs(configured, announced, *, template=False):
    provider = providers_record(issuer=configured, issuer_is_a_template=template)
    server = provider_client.Server(
        issuer=announced, authorization_endpoint="https://id.example/a", token_endpoint="https://id.example/t"
    )
    try:
        provider_client._require_valid(provider, server)
    except provider_client.InvalidResponse:
        return False
    return True


def providers_record(**more):
    from settings.oauth_providers import Provider, openid_profile

    return Provider(name="x", title="X", client_id="a", client_secret="b", scope="openid", read=openid_profile, **more)


@pytest.mark.parametrize(("configured", "announced", "own"), ISSUERS)
def test_issuers_are_compared_as_text(configured, announced, own):
    assert belongs(configured, announced) is own


LOGIN = "https://login.microsoftonline.com"
TENANTS = [
    (f"{LOGIN}/common/v2.0", f"{LOGIN}/{{tenantid}}/v2.0", True),
    (f"{LOGIN}/organizations/v2.0", f"{LOGIN}/{{tenantid}}/v2.0", True),
    (f"{LOGIN}/consumers/v2.0", f"{LOGIN}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", True),
    (f"{LOGIN}/contoso.onmicrosoft.com/v2.0", f"{LOGIN}/4b8e2a1c-0000-4000-8000-1234567890ab/v2.0", True),
    (f"{LOGIN}/4b8e2a1c-0000-4000-8000-1234567890ab/v2.0", f"{LOGIN}/4b8e2a1c-0000-4000-8000-1234567890ab/v2.0", True),
    (f"{LOGIN}/common/v2.0", "https://evil.example/common/v2.0", False),
    (f"{LOGIN}/common/v2.0", f"{LOGIN}/{{tenantid}}/v1.0", False),
    (f"{LOGIN}/common/v2.0", f"{LOGIN}/a/b/v2.0", False),
]


@pytest.mark.parametrize(("configured", "announced", "own"), TENANTS)
def test_tenant_can_be_named_in_each_form(configured, announced, own):
    assert belongs(configured, announced, template=True) is own


# ------------------------------------------------------------------------------------------------- tokens and UserInfo


@SQLITE_ONLY
def test_token_response_can_be_form_encoded(service, company):
    token = company.token

    def as_form(request):
        answer = token(request)
        fields = answer if isinstance(answer, dict) else json.loads(answer.body)
        form = urlencode(fields).encode()
        return Answer(200, form, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})

    company.token = as_form
    assert log_in(service).status_code == 200


def signed_userinfo(company, algorithm="RS256", key=None, **changes):
    company.changes = {"email": None, "email_verified": None}
    company.jwks = lambda _request: {
        "keys": [published(RSA, "RS256", alg="RS256", kid=company.kid), published(RSA, "RS256")]
    }
    sign = company._signed
    company._signed = lambda claims: jwt.encode(claims, RSA, "RS256", {"kid": company.kid})
    del sign

    def userinfo(request):
        told = {**company._owner(request.bearer), "iss": company.issuer, "aud": company.client_id, **changes}
        told = {name: value for name, value in told.items() if value is not None}
        raw = jwt.encode(told, key or RSA, algorithm, {"kid": "k"})
        return Answer(200, raw.encode(), {"Content-Type": "application/jwt"})

    company.userinfo = userinfo


@SQLITE_ONLY
def test_userinfo_can_be_signed(service, company):
    signed_userinfo(company)
    answer = log_in(service)
    assert (answer.status_code, answer.json()["email"]) == (200, company.person["email"])


@SQLITE_ONLY
@pytest.mark.parametrize("changes", [{"iss": None, "aud": None}, {"aud": ["x", "{client}"]}], ids=str)
def test_signed_userinfo_can_omit_the_audience(service, company, changes):
    if changes["aud"]:
        changes = {"aud": ["x", company.client_id]}
    signed_userinfo(company, **changes)
    assert log_in(service).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize(
    "forged",
    [
        {"aud": "another-client"},
        {"iss": "https://evil.example"},
        {"sub": "another"},
        {"key": OTHER},
        {"algorithm": "HS256", "key": "a secret that is long enough for HS256 to be taken"},
    ],
    ids=["audience", "issuer", "subject", "key", "shared secret"],
)
def test_signed_userinfo_for_another_client_is_rejected(service, company, forged):
    signed_userinfo(company, **forged)
    assert log_in(service).status_code != 200


def test_email_address_of_azure_ad_b2c_is_unverified():
    from settings.oauth_providers import openid_profile

    told = openid_profile({"sub": "x", "emails": ["alice@example.com"], "email_verified": True})
    assert (told.email, told.email_verified) == ("alice@example.com", False)
    assert openid_profile({"sub": "x", "emails": []}).email is None


@SQLITE_ONLY
def test_discovery_document_can_have_another_url(service, company, monkeypatch):
    with closing(OpenIdProvider(path="/policy/v2.0")) as elsewhere:
        record = providers_record(issuer="https://id.example/tenant/v2.0/", discovery_url=elsewhere.issuer + DISCOVERY)
        assert provider_client._discovery_url(record) == elsewhere.issuer + DISCOVERY
    assert provider_client._discovery_url(providers_record(issuer="https://id.example/x/")).endswith("/x/.well-known/openid-configuration")  # fmt: skip


def test_symmetric_algorithms_are_never_accepted():
    assert not [name for name in id_tokens.ALGORITHMS if name.startswith("HS") or name == "none"]
