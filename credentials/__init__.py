"""Check and protect what a user proves their identity with.

Belongs here: passwords, one-time tokens, login throttling, and the lookup of the account behind a credential.
Does not belong here: sessions, which start after a credential was checked.
"""
