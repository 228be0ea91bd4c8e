"""Define the tables of the OAuth provider. None contains a usable secret: secrets are hashed, and tokens are signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.columns import WITH_NEW_IDS, BigId, UtcDateTime
from database import Base
from models import FAILED, SENT, WAITING, new_id, now


class OAuthClient(Base):
    """An application that logs users in with this service, or requests tokens for itself.

    id: internal; `client_id` is public, and may be a URL.
    client_hash: the SHA-256 of `client_id`, which may be too long for an index.
    origin: how it was registered: `admin`, `dynamic` or `metadata`.
    created_by: the `user_id` of the administrator who created it. Its own tokens have at most their permissions.
    previous_secret_hash: the secret before the last rotation, which is valid until `previous_secret_until`.
    tokens_after: the time-ordered id after which the ids of its own access tokens must be, or null.
    leased_until, lease_id: the process that sends logout tokens to it. Without `lease_id`, the time until which the
        client asked to wait (`Retry-After`).
    sector: what pairwise subjects depend on: the host of its redirect URIs.
    registration_hash: the SHA-256 of the token with which a client that registered itself manages its registration.
    """

    __tablename__ = "oauth_clients"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    client_id: Mapped[str] = mapped_column(Text)
    client_hash: Mapped[str] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(String(16))
    created_by: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    logo_uri: Mapped[str | None] = mapped_column(String(2048))
    type: Mapped[str] = mapped_column(String(16))
    token_endpoint_auth_method: Mapped[str] = mapped_column(String(32))
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    previous_secret_hash: Mapped[str | None] = mapped_column(String(64))
    previous_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tokens_after: Mapped[str | None] = mapped_column(String(36))
    redirect_uris: Mapped[list[str]] = mapped_column(JSON)
    post_logout_redirect_uris: Mapped[list[str]] = mapped_column(JSON)
    grant_types: Mapped[list[str]] = mapped_column(JSON)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    resources: Mapped[list[str]] = mapped_column(JSON)
    resource_identifier: Mapped[str | None] = mapped_column(String(2048))
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    jwks_uri: Mapped[str | None] = mapped_column(String(2048))
    id_token_signed_response_alg: Mapped[str] = mapped_column(String(16))
    subject_type: Mapped[str] = mapped_column(String(16))
    sector: Mapped[str] = mapped_column(String(512))
    first_party: Mapped[bool] = mapped_column(default=False, server_default=false())
    require_dpop: Mapped[bool] = mapped_column(default=False, server_default=false())
    require_par: Mapped[bool] = mapped_column(default=False, server_default=false())
    access_token_lifetime: Mapped[int | None] = mapped_column()
    backchannel_logout_uri: Mapped[str | None] = mapped_column(String(2048))
    registration_hash: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @validates("backchannel_logout_uri")
    def _end_pause(self, _name: str, url: str | None) -> str | None:
        """End the pause that the previous URL asked for."""
        if self.lease_id is None:
            self.leased_until = None
        return url


class OAuthGrant(Base):
    """What a user has granted to a client: the consent that is remembered. `scopes` are separated by spaces.

    consents: the scopes that were granted for each resource, and for the service's own API, whose key is empty.
    """

    __tablename__ = "oauth_grants"
    __table_args__ = (Index("uq_oauth_grants_account_id_client_pk", "account_id", "client_pk", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    client_pk: Mapped[str] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[str] = mapped_column(Text)
    resources: Mapped[list[str]] = mapped_column(JSON)
    consents: Mapped[dict[str, list[str]] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuthorizationRequest(Base):
    """An authorization request that waits for a login or for consent, or that a client has pushed (RFC 9126).

    client_pk: null for a client without a row.
    pushed: whether no browser has brought it yet. A browser may do so once.
    """

    __tablename__ = "oauth_requests"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    client_pk: Mapped[str | None] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    pushed: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuthorizationCode(Base):
    """An authorization code that has not been exchanged. The client's session gets the same id.

    detail: the redirect URI, the PKCE challenge, the nonce, and how the user authenticated.
    """

    __tablename__ = "oauth_codes"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    client_pk: Mapped[str] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[str] = mapped_column(String(36), index=True)
    scopes: Mapped[str] = mapped_column(Text)
    resources: Mapped[list[str]] = mapped_column(JSON)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ClientSession(Base):
    """A user's login to a client. Its id is the `sid` of the tokens; `refresh_counter` is in the newest refresh token.

    session_id: the session on the hosted pages in which the user granted it, which may have ended since, as after a
        change of the password. Null for a device.
    jkt: the thumbprint of the key that its tokens are bound to (RFC 9449).
    """

    __tablename__ = "oauth_sessions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    client_pk: Mapped[str] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[str | None] = mapped_column(String(36), index=True)
    scopes: Mapped[str] = mapped_column(Text)
    resources: Mapped[list[str]] = mapped_column(JSON)
    jkt: Mapped[str | None] = mapped_column(String(64))
    refresh_counter: Mapped[int] = mapped_column(default=0)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    authenticated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    amr: Mapped[str | None] = mapped_column(String(64))
    aal2_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UsedProof(Base):
    """The id of a client assertion or DPoP proof, kept until it expires so that it is accepted only once."""

    __tablename__ = "oauth_used_proofs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RemovedClient(Base):
    """A deleted client whose id is a sealed record, kept until the record expires so that it is not accepted again."""

    __tablename__ = "oauth_removed_clients"

    client_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PastLifetime(Base):
    """A lifetime of access tokens that a client no longer has, kept until the last of these tokens has expired."""

    __tablename__ = "oauth_past_lifetimes"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    seconds: Mapped[int] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Device(Base):
    """A device that waits for a user to allow it access (RFC 8628). The client's session gets the same id.

    code_hash: the keyed hash of the code that the user enters.
    ip, user_agent: where the device asked from, for the page.
    interval: the seconds that the device must wait between two requests.
    answer: `allowed`, `denied`, or null until the user has answered.
    session_id, authentication: the session on the hosted pages in which the user allowed it, and how they logged in.
    """

    __tablename__ = "oauth_devices"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    client_pk: Mapped[str] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(Text)
    resources: Mapped[list[str]] = mapped_column(JSON)
    ip: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(512))
    interval: Mapped[int] = mapped_column()
    polled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[str | None] = mapped_column(String(36), index=True)
    authentication: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LogoutNotice(Base):
    """A back-channel logout token that waits to be sent to a client. The token itself is created for each attempt."""

    __tablename__ = "oauth_logout_notices"
    __table_args__ = (
        Index("ix_oauth_logout_notices_due", "priority", "due_at", **WAITING),
        Index("ix_oauth_logout_notices_sent", "sent_at", **SENT),
        Index("ix_oauth_logout_notices_gave_up", "gave_up_at", **FAILED),
        WITH_NEW_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_pk: Mapped[str] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(64))
    sid: Mapped[str] = mapped_column(String(36))
    priority: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gave_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
