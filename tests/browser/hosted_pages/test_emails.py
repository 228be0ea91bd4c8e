"""Emails in a browser: light, dark, on a phone and from right to left, with the brand of an operator."""

import pytest

import email_utils
from browser_suite import AXE, SCREENSHOTS
from delivery import examples
from languages import reader

SCREENS = {
    "light": {"viewport": {"width": 800, "height": 600}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 800, "height": 600}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 568}, "color_scheme": "light", "device_scale_factor": 2},
}
# Of emails, not of pages: they have no landmarks.
RULES = (
    "{ resultTypes: ['violations'], rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } } }"
)
SHOWN = ("verify_email", "new_network", "password_reset", "more_notices")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("screen", SCREENS)
def test_email_fits_and_is_accessible(chromium, configure, screen, language):
    configure(
        app_name="Acme Cloud",
        brand_color="#ffb000",  # adjusted in light mode
        support_email="help@acme.example",
        terms_url="https://acme.example/terms",
        privacy_url="https://acme.example/privacy",
    )
    context = chromium.new_context(**SCREENS[screen])
    page = context.new_page()
    for name in SHOWN:
        with reader.use(language, "Europe/Vienna"):
            page.set_content(email_utils.render_example(name, examples.CONTEXTS[name][0]).html)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(f"axe.run({RULES})")["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], name
        page.screenshot(path=SCREENSHOTS / f"email-{name}-{language}-{screen}.png", full_page=True)
    context.close()
