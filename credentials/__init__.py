"""Check and protect the credentials of users: passwords, one-time tokens, login throttling, and account lookup.

Sessions, which begin after a credential was checked, are in `sessions/`.
"""
