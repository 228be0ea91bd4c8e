"""Check the settings of CAPTCHAs."""

from typing import Any

TITLES = {"turnstile": "Cloudflare Turnstile", "hcaptcha": "hCaptcha", "recaptcha": "reCAPTCHA"}
# The secrets that the providers publish for tests. They accept every token, for a made-up host.
TEST_SECRETS = {
    "1x0000000000000000000000000000000AA",
    "0x0000000000000000000000000000000000000000",
    "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
}
OF_PROVIDERS = ("captcha_site_key", "captcha_secret")


def violations(found: Any) -> list[str]:
    """Return a line for each missing key. They stop startup in every environment."""
    title = TITLES.get(found.captcha_provider)
    missing = [name for name in OF_PROVIDERS if not getattr(found, name)] if title else []
    return [f"{name.upper()}: is not set; {title} needs the one from its dashboard" for name in missing]


def warnings(found: Any) -> list[str]:
    """Return a line for each setting without effect, and for keys that accept every token."""
    if found.captcha_provider in TITLES:
        # Production does not start with it.
        is_test = has_test_secret(found) and not found.production
        return ["CAPTCHA_SECRET: is a test key, which accepts every token"] * is_test
    unused = [name for name in (*OF_PROVIDERS, "captcha_base_url") if getattr(found, name)]
    if found.captcha_provider == "off" and found.is_set("captcha_on"):
        unused.append("captcha_on")
    return [f"{name.upper()}: has no effect with CAPTCHA_PROVIDER={found.captcha_provider}" for name in unused]


def has_test_secret(found: Any) -> bool:
    """Return whether the secret is one that a provider publishes for tests."""
    return found.captcha_provider in TITLES and found.captcha_secret in TEST_SECRETS
