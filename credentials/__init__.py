"""Check and protect the credentials of users: passwords, one-time tokens, login throttling, and account lookup.

Does not belong here: sessions, which start after a credential was checked.
"""
