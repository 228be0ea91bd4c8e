"""Log in without a password: with a link or code in an email, and sign-up with an email address or a passkey alone.

Passkeys and second factors are in `factors`; links that verify an address or set a password are in `accounts`.
"""
