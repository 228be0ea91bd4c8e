"""What an email looks like: the brand, the language and its direction, dark mode, and templates of TEMPLATES_DIR."""

import re
from html.parser import HTMLParser

import pytest

import email_utils
import manage
from databases import SQLITE_ONLY
from delivery import examples, rendering
from factors import management
from languages import reader
from operations import appearance_checks, checks
from people import Person, html_of
from settings import colors
from settings.loading import STARTUP_FAILURE, settings
from telemetry import logs
from tests.core.test_brand import templates  # noqa: F401 - a fixture

EVERY_EMAIL = sorted(examples.CONTEXTS)
LOGO, DARK = "https://cdn.example.com/logo.png", "https://cdn.example.com/white.png"


@pytest.fixture
def acme(configure):
    """The settings of an operator with a brand."""
    configure(
        app_name="Acme & Sons",
        brand_logo_url=LOGO,
        brand_logo_dark_url=DARK,
        brand_color="#e4572e",
        support_email="help@acme.example",
        terms_url="https://acme.example/terms",
        privacy_url="/privacy",
        public_base_url="https://id.acme.example",
        mail_from_name="",
    )


class Page(HTMLParser):
    """The tags of an HTML part with their attributes, and the URLs that it loads by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.loads = [value for _, attributes in self.tags for name in ("src", "srcset", "background") if (value := attributes.get(name))]  # fmt: skip
        self.loads += re.findall(r"url\(([^)]*)\)|@import", html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]


def variants():
    return [
        pytest.param(name, context, id=f"{name}-{number}")
        for name in EVERY_EMAIL
        for number, context in enumerate(examples.CONTEXTS[name])
    ]


@pytest.mark.parametrize(("name", "context"), variants())
def test_each_email_has_the_brand_one_heading_and_says_why_it_was_sent(acme, name, context):
    shown = email_utils.render_example(name, context)
    page = Page(shown.html)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == 1
    assert len([1 for tag, attributes in page.tags if tag == "a" and attributes.get("class") == "button-text"]) <= 1
    assert page.loads == [LOGO, DARK]
    assert "link" not in tags
    assert "script" not in tags
    for footer in ("You are receiving this email because", "If you have questions, write to", "Terms of service", "Privacy policy"):  # fmt: skip
        assert footer in shown.html
        assert footer in shown.text
    assert "https://id.acme.example/privacy" in page.links()
    assert "mailto:help@acme.example" in page.links()
    assert "Acme & Sons" in shown.text
    assert "Acme &amp; Sons" in shown.html
    assert "Acme & Sons" not in shown.html
    assert len(shown.html.encode()) < 60_000, "Gmail clips an email above 100 kB"


@pytest.mark.parametrize("name", EVERY_EMAIL)
def test_preheader_is_the_first_sentence(acme, name):
    shown = email_utils.render_example(name, examples.CONTEXTS[name][0])
    preheader = re.search(r"display:none;max-height:0[^>]*>([^<&]*)", shown.html)[1]
    assert len(preheader) > 10
    assert shown.html.count(preheader) >= 2


def test_color_is_readable_in_both_modes(acme):
    html = email_utils.render_example("verify_email", {}).html
    light = colors.readable_on("#e4572e", colors.LIGHT)
    assert f'bgcolor="{light}"' in html
    dark = html.partition("@media (prefers-color-scheme: dark)")[2].partition("</style>")[0]
    assert f".button {{ background: {colors.readable_on('#e4572e', colors.DARK)} !important }}" in dark
    assert '<meta name="color-scheme" content="light dark">' in html


@pytest.mark.parametrize("logo", ["", "/docs/assets/logo.svg", "https://cdn.example.com/logo.SVG?v=1"])
def test_without_an_image_that_email_programs_show_the_name_is_shown(acme, configure, logo):
    configure(brand_logo_url=logo, brand_logo_dark_url="")
    page = Page(email_utils.render_example("password_changed", {}).html)
    assert page.loads == []
    assert ">Acme &amp; Sons</span>" in email_utils.render_example("password_changed", {}).html


def test_logo_that_is_a_path_gets_an_absolute_url(acme, configure):
    configure(brand_logo_url="/docs/assets/logo.png", brand_logo_dark_url="")
    html = email_utils.render_example("password_changed", {}).html
    assert Page(html).loads == ["https://id.acme.example/docs/assets/logo.png"]
    assert 'class="logo-light"' not in html, "it stays in dark mode"


def test_footer_has_only_what_is_set(configure):
    configure(support_email="", terms_url="", privacy_url="https://acme.example/privacy")
    shown = email_utils.render_example("password_changed", {})
    assert "questions" not in shown.text
    assert "Terms of service" not in shown.text
    assert "Privacy policy: https://acme.example/privacy" in shown.text
    assert "·" not in shown.html


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", "ltr"), ("ja", "ltr")])
def test_direction_is_that_of_the_language(language, direction):
    with reader.use(language):
        page = Page(email_utils.render_example("verify_email", {}).html)
    assert ("html", {"lang": language, "dir": direction}) in page.tags
    sides = {attributes["align"] for tag, attributes in page.tags if tag == "td" and "align" in attributes}
    assert sides == {"center", "right" if direction == "rtl" else "left"}
    code = next(attributes for tag, attributes in page.tags if tag == "p" and "box" in str(attributes["class"]))
    assert code["dir"] == "ltr"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1 minute."), (90, "90 minutes."), (60, "1 hour."), (1440, "24 hours."), (2880, "2 days."), (4320, "3 days.")],
)
def test_lifetime_of_a_link_is_in_the_unit_that_people_use(configure, minutes, said):
    configure(password_reset_ttl_minutes=minutes)
    assert f"The link is valid for {said}" in email_utils.render_example("reset_password", {}).text


@SQLITE_ONLY
class TestSent:
    def test_sender_is_the_service_and_the_language_is_in_the_header(self, service, configure, mailbox):
        configure(email_verification="optional", app_name="Acme & Sons", mail_from_name="")
        bob = Person(service, "bob", **{"Accept-Language": "de-AT"})
        assert bob.sign_up().status_code == 201
        mail = bob.verification_mail()
        assert mail["From"].addresses[0].display_name == "Acme & Sons"
        assert mail["Content-Language"] == "de"
        assert mail["List-Unsubscribe"] is None
        assert '<html lang="de"' in html_of(mail)

    def test_display_name_can_be_another(self, service, configure):
        configure(email_verification="optional", mail_from_name="Acme Support")
        bob = Person(service, "bob")
        assert bob.sign_up().status_code == 201
        assert bob.verification_mail()["From"].addresses[0].display_name == "Acme Support"


def test_method_is_named_in_the_language_of_the_recipient(monkeypatch):
    """It is stored with the email, and the person who causes the email may read another language."""
    monkeypatch.setattr(email_utils.translation, "translate", lambda text: f"[{reader.language()}] {text}")
    stored = email_utils._in_language("fr", {"methods": [management.NAMES_OF_TYPES["totp"]], "left": 3})
    assert stored == {"methods": ["[fr] Authenticator app"], "left": 3}


def test_values_of_users_are_no_markup():
    name = "<b>x</b> {{ 7 * 7 }} %(app)s"
    shown = rendering.render("factor_removed", {"factor": "Passkey", "name": name})
    assert f"Name: {name}" in shown.text
    assert "<b>x</b>" not in shown.html
    assert "49" not in shown.text


class TestTemplatesOfTheOperator:
    @pytest.fixture
    def theirs(self, configure, templates):  # noqa: F811
        """theirs({"email/verify_email.jinja": "…"}): use these templates in this process."""

        def use(files):
            configure(templates_dir=str(templates(files)))
            forget()

        def forget():
            rendering.environment.cache_clear()
            email_utils.rendering.templating.environment.cache_clear()

        yield use
        forget()

    def test_statement_of_an_email_replaces_ours_in_both_parts(self, theirs):
        theirs(
            {
                "email/password_changed.jinja": '{% extends "default/password_changed.jinja" %}'
                '{% block body %}{{ paragraph(_("Call us."), brand.name) }}{% endblock %}'
            }
        )
        shown = email_utils.render_example("password_changed", {})
        assert shown.subject == "Your password has changed"
        for part in (shown.text, shown.html):
            assert f"Call us. {settings.app_name}" in part
            assert "reset your password" not in part
        assert "reset your password" in email_utils.render_example("provider_unlinked", {"provider": "X"}).text

    def test_html_part_in_the_form_of_an_earlier_version_has_the_subject_as_its_heading(self, theirs):
        imports = '{% extends "layout.html" %}{% from "parts.html" import button %}'
        theirs({"email/reset_password.html": imports + '{% block body %}{{ button(link, "Reset") }}{% endblock %}'})
        shown = email_utils.render_example("reset_password", {})
        assert f">{shown.subject}</h1>" in shown.html
        assert ">Reset</a>" in shown.html

    def test_one_part_can_be_replaced_alone(self, theirs):
        theirs({"email/reset_password.txt": "Their subject\n\nTheir text: {{ link }}\n"})
        shown = email_utils.render_example("reset_password", {})
        assert (shown.subject, shown.text.split(":")[0]) == ("Their subject", "Their text")
        assert "Reset your password" in shown.html

    def test_layout_replaces_that_of_each_email(self, theirs):
        theirs({"email/layout.html": '{% extends "default/layout.html" %}{% block brand %}THEIRS{% endblock %}'})
        for name in EVERY_EMAIL:
            assert "THEIRS" in email_utils.render_example(name, examples.CONTEXTS[name][0]).html

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("verify_email.html", "\n<p>{{ lnik }}</p>", r"email/verify_email\.html, line 2: 'lnik' is undefined"),
            (
                "password_locked.txt",
                "S\n{% if not network %}\n{{ x }}{% endif %}",
                r"password_locked\.txt, line 3: 'x'",
            ),
            ("layout.txt", "{{ brand.nme }}", r"email/layout\.txt, line 1: .*nme"),
            ("verify_email.jinja", "{{ _('a', b=1, b=2) }}", r"email/verify_email\.jinja, line \d+: .*repeated"),
            ("verify_emial.txt", "x", r"email/verify_emial\.txt replaces no template such as verify_email\.txt"),
        ],
    )
    def test_broken_one_is_named_with_file_and_line(self, theirs, name, content, said):
        theirs({f"email/{name}": content})
        assert re.search(said, "\n".join(appearance_checks.problems()))

    def test_broken_one_ends_the_preview_and_shows_in_check(self, theirs, tmp_path, caplog, monkeypatch):
        monkeypatch.setattr(logs, "set_up", lambda: None)
        theirs({"email/verify_email.txt": "{{ a.b }}"})
        with pytest.raises(SystemExit) as ended:
            manage.run("preview-mails", "--out", str(tmp_path / "out"))
        assert ended.value.code == STARTUP_FAILURE
        line = "TEMPLATES_DIR: email/verify_email.txt, line 1: 'a' is undefined"
        assert line in caplog.text
        assert not (tmp_path / "out").exists()
        assert ("wrong", "appearance", line) in {(each.grade, each.what, each.said) for each in checks.run()}
