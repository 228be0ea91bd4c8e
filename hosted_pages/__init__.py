"""Render the hosted pages: login, sign-up and account management in HTML. Only passkeys need JavaScript.

The routes are in `routes/hosted_*.py` and call the same services as the API. Not imported if HOSTED_PAGES is off.
"""
