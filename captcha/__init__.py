"""Protection against bots with CAPTCHAs: a proof of work, or Turnstile, hCaptcha or reCAPTCHA.

`service.py` decides when a request needs one, and verifies it. Nothing else here is imported while it is off.
"""
