"""Keep users logged in: sessions, refresh tokens, access tokens and their keys, and known networks.

Session and token revocation after a credential change is here too (`revocation.py`).
"""
