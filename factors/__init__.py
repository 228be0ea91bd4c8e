"""Second factors and passkeys: authenticator apps, passkeys, recovery codes, trusted devices, the second step of login.

Not here: which accounts need a factor (`authorization/mfa_policy.py`), and re-authentication of a session
(`sessions/reauthentication.py`).
"""
