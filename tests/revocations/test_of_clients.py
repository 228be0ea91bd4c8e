"""The tokens of OAuth clients themselves, which have no session, in the list of revocations."""

import sys

import jwt
import pytest

from databases import SQLITE_ONLY
from oauth_application import CALLBACK, Application, register
from people import Client, superuser
from revocations import feed
from servers import PROJECT

sys.path.insert(0, str(PROJECT / "clients" / "python"))
from credential_client.revocations import SECONDS_OF_CLOCK_SKEW


@pytest.fixture
def owner(oidc, monkeypatch):
    monkeypatch.setattr(feed, "_known", feed._Known())
    monkeypatch.setattr(feed, "SHARE_OF_INTERVAL", 0)  # read at each request
    return superuser(oidc)


def listed(oidc):
    return Client(oidc.url).get("/.well-known/revocations").json()


def deleted(owner, client_id):
    assert owner.client.delete(f"/admin/clients/{client_id}").status_code == 204


def revoked(job, owner, token):
    assert job.post("/oauth2/revoke", {"token": token}).status_code == 200


def rotated(job, owner, token):
    assert owner.client.post(f"/admin/clients/{job.client_id}/rotate-secret").status_code == 200


def removed(job, owner, token):
    deleted(owner, job.client_id)


def without_the_grant(job, owner, token):
    change = {"grant_types": ["authorization_code"], "redirect_uris": [CALLBACK]}
    changed = owner.client.patch(f"/admin/clients/{job.client_id}", change)
    assert changed.status_code == 200, changed.text


@pytest.mark.parametrize("end", [revoked, rotated, removed, without_the_grant])
def test_tokens_of_a_client_itself_are_listed(oidc, owner, end):
    job = Application(oidc, register(owner, grant_types=["client_credentials"], redirect_uris=[], scopes=[]))
    made = job.token(grant_type="client_credentials").json()["access_token"]
    issued_at = jwt.decode(made, options={"verify_signature": False})["iat"]
    end(job, owner, made)
    (entry,) = [user for user in listed(oidc)["users"] if user["sub"] == job.client_id]
    assert issued_at < entry["not_before"] - SECONDS_OF_CLOCK_SKEW, "to the verifiers it is still valid"
    assert entry["not_before"] - SECONDS_OF_CLOCK_SKEW <= issued_at + 10


@SQLITE_ONLY
def test_client_keeps_its_tokens_if_both_secrets_are_valid(oidc, owner):
    job = Application(oidc, register(owner, grant_types=["client_credentials"], redirect_uris=[], scopes=[]))
    path = f"/admin/clients/{job.client_id}/rotate-secret"
    assert owner.client.post(path, {"overlap_seconds": 60}).status_code == 200
    assert job.client_id not in {user["sub"] for user in listed(oidc)["users"]}
