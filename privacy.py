"""What is held on a person: all of it, for that person to see. docs/privacy.md says what goes with the account and what stays.

Each table that belongs to an account has its section here.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

import admin_schemas
import audit
import database
import schemas
from models import AuditEvent, KnownNetwork, Mail, OauthUser, OneTimeToken, Session, User, UserRole

# The columns of each section: no hash, no key, and no number that says nothing about the person.
Columns = tuple[InstrumentedAttribute[Any], ...]
SECTIONS: dict[str, tuple[InstrumentedAttribute[int], Columns]] = {
    "account": (
        User.id,
        (
            User.user_id, User.email, User.canonical_email, User.username, User.is_active, User.is_verified,
            User.email_proven_at, User.created_at, User.updated_at,
        ),
    ),
    "roles": (UserRole.account_id, (UserRole.role,)),
    "sessions": (
        Session.account_id,
        (
            Session.id, Session.ip, Session.user_agent, Session.created_at, Session.last_used_at, Session.expires_at,
            Session.ends_at,
        ),
    ),
    "known_networks": (KnownNetwork.account_id, (KnownNetwork.network,)),
    "identities": (
        OauthUser.account_id,
        (OauthUser.provider, OauthUser.subject, OauthUser.email, OauthUser.created_at, OauthUser.last_used_at),
    ),
    "open_links": (
        OneTimeToken.account_id,
        (OneTimeToken.purpose, OneTimeToken.sent_to, OneTimeToken.created_at, OneTimeToken.expires_at),
    ),
    "mails": (
        Mail.account_id,
        (Mail.template, Mail.recipient, Mail.context, Mail.created_at, Mail.sent_at, Mail.gave_up_at, Mail.attempts),
    ),
}  # fmt: skip


def export(who: schemas.User) -> admin_schemas.Export:
    """Everything held on a person, by section."""
    found = {
        name: [dict(row._mapping) for row in database.read_all(select(*columns).where(owner == who.id))]
        for name, (owner, columns) in SECTIONS.items()
    }
    trail = {"activity": audit.of_person(who.user_id), "acts": audit.of_others_by(who.user_id)}
    return admin_schemas.Export.model_validate(
        found
        | {
            name: [dict(row._mapping) for row in database.read_all(events.order_by(AuditEvent.id))]
            for name, events in trail.items()
        }
    )
