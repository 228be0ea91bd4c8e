"""Log in with Google, GitHub, Apple and other OAuth or OpenID Connect providers, and link them to accounts.

Provider records are in `settings/oauth_providers.py`: adding an OpenID Connect provider needs no code.
"""
