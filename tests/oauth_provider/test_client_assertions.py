"""Programs that sign assertions with keys that cannot be fetched."""

from collections.abc import Iterator

import pytest

from databases import SQLITE_ONLY
from oauth_application import new_key, public_jwk, refused
from oauth_provider import client_keys
from people import at_once
from silence import Silence


@pytest.fixture
def silence(configure, monkeypatch) -> Iterator[Silence]:
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    monkeypatch.setattr(client_keys, "SECONDS_TO_FETCH", 0.5)
    host = Silence()
    yield host
    host.close()


@pytest.fixture
def signs(connects):
    """signs(jwks_uri=...): a program that signs its assertions."""

    def connect(**fields):
        key = new_key()
        keys = fields or {"jwks": {"keys": [public_jwk(key)]}}
        return connects(
            key=key,
            token_endpoint_auth_method="private_key_jwt",
            grant_types=["client_credentials"],
            redirect_uris=[],
            **keys,
        )

    return connect


@SQLITE_ONLY
def test_unreachable_keys_are_requested_once_in_a_while(signs, silence, monkeypatch):
    job = signs(jwks_uri=silence.url)
    answers = at_once(*[lambda: job.token(grant_type="client_credentials")] * 20)
    assert {answer.status_code for answer in answers} <= {401, 503}
    assert len(silence.connections) == 1
    assert refused(job.token(grant_type="client_credentials")) == (401, "invalid_client")
    assert len(silence.connections) == 1, "the failure was forgotten"
    monkeypatch.setattr(client_keys, "SECONDS_BETWEEN_FETCHES", 0)
    assert refused(job.token(grant_type="client_credentials")) == (401, "invalid_client")
    assert len(silence.connections) == 2
