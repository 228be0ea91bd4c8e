"""Protect against bots with CAPTCHAs: a proof of work, Turnstile, hCaptcha or reCAPTCHA.

`service.py` decides when a request needs one, and verifies it. The other modules are imported only if CAPTCHAs are on.
"""
