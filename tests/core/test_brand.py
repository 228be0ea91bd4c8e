"""The brand: its settings, colors that can be read, and the templates of TEMPLATES_DIR."""

import re
import secrets
import subprocess
import sys

import httpx2
import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from core import brand, templating
from operations import appearance_checks
from servers import PROJECT, environment_of, production
from settings import branding, colors
from settings.fields import OPTIONS
from settings.loading import read
from settings.sources import InvalidSettings

BASE = {"JWT_SECRET": secrets.token_urlsafe(48)}
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


class TestColors:
    @given(color=COLORS)
    @bounded(max_examples=500, deadline=None)
    def test_accent_is_readable_as_a_link_and_as_a_button(self, color):
        for background in (colors.LIGHT, colors.DARK):
            accent = colors.readable_on(color, background)
            assert re.fullmatch("#[0-9a-f]{6}", accent)
            assert colors.contrast(accent, background) >= 4.5
            assert colors.contrast(colors.text_on(accent), accent) >= 4.5

    @given(color=COLORS)
    @bounded(max_examples=300, deadline=None)
    def test_readable_color_is_not_changed_and_another_one_only_as_far_as_necessary(self, color):
        for background in (colors.LIGHT, colors.DARK):
            accent = colors.readable_on(color, background)
            if colors.contrast(color, background) >= 4.5:
                assert accent == color
            else:
                assert colors.contrast(accent, background) < 4.7

    @pytest.mark.parametrize("color", ["#ffcc00", "#ff0000", "#00ff00", "#3399ff", "#ff66cc"])
    def test_hue_stays(self, color):
        """The order of red, green and blue is that of the color."""

        def order(of):
            return sorted(range(3), key=lambda part: -int(of[1 + 2 * part : 3 + 2 * part], 16))[0]

        assert order(colors.readable_on(color, colors.LIGHT)) == order(color)

    def test_backgrounds_are_those_of_the_pages(self):
        """Links are on the page and on the card, of which one leaves less contrast in each mode."""
        css = (PROJECT / "static/pages.css").read_text("utf-8")
        light, dark = (re.findall(rf"--{name}: (#\w+);", css) for name in ("page", "paper"))
        assert (light[0], dark[1]) == (colors.LIGHT, colors.DARK)
        assert re.findall(r"--brand: (#\w+);", css) == [branding.DEFAULT_COLOR]

    def test_ratio_is_that_of_the_standard(self):
        assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
        assert colors.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


class TestSettings:
    def test_unset_brand_is_ours(self):
        found = read(BASE)
        assert (found.app_name, found.brand_color) == ("Credential Management Service", "#1a4fd0")
        assert found.warnings == ()

    def test_color_that_is_hard_to_read_is_reported_in_one_line(self):
        (line,) = read(BASE | {"BRAND_COLOR": "#FC0"}).warnings
        assert line.startswith("BRAND_COLOR: #ffcc00 has a contrast of 1.4:1 with light pages")
        assert read(BASE | {"BRAND_COLOR": "#14d"}).warnings == ()

    @pytest.mark.parametrize("color", ["red", "14d", "#14", "#12345g", "#1a4fd0ff", "rgb(0,0,0)", "#14d;}"])
    def test_other_notation_is_rejected(self, color):
        with pytest.raises(InvalidSettings, match="BRAND_COLOR: must be a color such as"):
            read(BASE | {"BRAND_COLOR": color})

    @pytest.mark.parametrize(
        "url", ["https://cdn.example.com/logo.svg?v=2", "/docs/assets/logo.svg", "http://localhost:3000/logo.png"]
    )
    @pytest.mark.parametrize("name", ["BRAND_LOGO_URL", "BRAND_LOGO_DARK_URL", "BRAND_FAVICON_URL", "TERMS_URL", "PRIVACY_URL"])  # fmt: skip
    def test_url_or_path_is_accepted(self, name, url):
        assert getattr(read(BASE | {name: url}), name.lower()) == url

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "data:image/svg+xml,<svg/>",
            "http://cdn.example.com/logo.png",
            "//cdn.example.com/logo.png",
            "/\\cdn.example.com/logo.png",
            "logo.png",
            "https://user@cdn.example.com/logo.png",
            "https://cdn.example.com;script-src/logo.png",
            "https://cdn.example.com:99999/logo.png",
            "https://cdn.example.com/a b.png",
            'https://cdn.example.com/"onload="',
            "ftp://cdn.example.com/logo.png",
        ],
    )
    @pytest.mark.parametrize("name", ["BRAND_LOGO_URL", "TERMS_URL"])
    def test_other_url_is_rejected(self, name, url):
        with pytest.raises(InvalidSettings, match=f"{name}: must be an https:// URL, or a path"):
            read(BASE | {name: url})

    def test_production_requires_https(self):
        with pytest.raises(InvalidSettings, match="BRAND_LOGO_URL: must be https://"):
            read(production(BRAND_LOGO_URL="http://localhost/logo.png"))
        assert read(production(BRAND_LOGO_URL="https://cdn.example.com/logo.png")).brand_logo_url

    def test_support_address_must_be_an_email_address(self):
        with pytest.raises(InvalidSettings, match="SUPPORT_EMAIL: is not a valid email address"):
            read(BASE | {"SUPPORT_EMAIL": "help"})

    def test_each_has_a_description(self):
        assert all(OPTIONS[name].description for name in OPTIONS if name.startswith("brand_"))


class TestDerived:
    def test_origins_of_images_are_exact(self, configure):
        configure(
            brand_logo_url="https://CDN.example.com:8443/a/logo.png?x=1",
            brand_logo_dark_url="https://cdn.example.com:8443/dark.png",
            brand_favicon_url="/docs/assets/favicon.svg",
        )
        assert brand.current().image_origins == ("https://cdn.example.com:8443",)

    def test_path_has_the_prefix_of_the_service(self, configure):
        configure(public_base_url="https://shop.example/id", brand_logo_url="/docs/assets/logo.png")
        assert brand.current().logo_url == brand.current().logo_dark_url == "/id/docs/assets/logo.png"
        assert brand.absolute(brand.current().logo_url) == "https://shop.example/id/docs/assets/logo.png"
        assert brand.absolute("https://cdn.example/x") == "https://cdn.example/x"

    def test_color_of_each_theme(self, configure):
        configure(brand_color="#ffcc00")
        made = brand.current()
        assert (made.color_on, made.color_dark, made.color_dark_on) == (colors.WHITE, "#ffcc00", colors.BLACK)
        assert made.color != "#ffcc00"


@pytest.fixture
def templates(tmp_path):
    """templates({"pages/login.html": "…"}): write the files of a TEMPLATES_DIR, and return the folder."""

    def write(files):
        for name, content in files.items():
            path = tmp_path / "templates" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "templates"

    return write


class TestTemplates:
    def test_page_replaces_ours_and_extends_it(self, start, templates):
        folder = templates(
            {
                "pages/login.html": '{% extends "default/login.html" %}{% block head %}<meta name="theirs">{% endblock %}',
                "pages/_note.html": "Included.",
                "pages/welcome.html": "{% include '_note.html' %} {{ brand.name }}",
                "pages/_own.html": "{% macro line() %}Own{% endmacro %}",
                "pages/signup.html": "{% extends 'default/signup.html' %}{% set motto = 'Hello' %}"
                "{% import '_own.html' as own %}{% from '_own.html' import line as again %}"
                "{% block head %}{{ motto }}{{ own.line() }}{{ again() }}{% if promo is defined %}{{ promo }}{% endif %}"
                "{% endblock %}",
            }
        )
        url = start(TEMPLATES_DIR=str(folder), APP_NAME="Acme").url
        page = httpx2.get(f"{url}/login", headers={"Accept": "text/html"})
        assert '<meta name="theirs">' in page.text
        assert 'name="password"' in page.text
        assert httpx2.get(url, headers={"Accept": "text/html"}).text == "Included. Acme"
        assert "theirs" not in httpx2.get(f"{url}/signup", headers={"Accept": "text/html"}).text

    def test_page_that_fails_when_it_is_shown_is_replaced_by_ours(self, start, templates):
        folder = templates({"pages/login.html": "{{ brand.name.nosuch.x }}", "pages/layout.html": "{{ 1 / 0 }}"})
        running = start(TEMPLATES_DIR=str(folder))
        page = httpx2.get(f"{running.url}/login", headers={"Accept": "text/html"})
        assert page.status_code == 200 and 'name="password"' in page.text
        running.wait_until_logged("a template in TEMPLATES_DIR failed; the default page is shown  page=login.html")

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("pages/login.html", "one\ntwo\n{% nonsense %}", r"pages/login\.html, line 3: Encountered unknown tag"),
            ("pages/login.html", "{{ a | nonsense }}", r"pages/login\.html, line 1: No filter named"),
            (
                "pages/login.html",
                "\n{% extends 'other.html' %}",
                r"pages/login\.html, line 2: there is no template other",
            ),
            ("pages/layout.html", "{% extends 'layout.html' %}", r"pages/layout\.html, line 1: .*default/layout\.html"),
            ("pages/login.html", "\n{{ nosuch.thing.x }}", r"pages/login\.html, line 2: no page has a variable nosuch"),
            ("pages/login.html", b"one\n\xff", r"pages/login\.html, line 2: is not UTF-8"),
            ("pages/logn.html", "x", r"pages/logn\.html replaces no template such as login\.html"),
            ("page/login.html", "x", r"TEMPLATES_DIR: page is not used"),
        ],
    )
    def test_broken_one_is_named(self, configure, templates, name, content, said):
        templating.environment.cache_clear()
        configure(templates_dir=str(templates({name: content})))
        try:
            assert re.search(said, "\n".join(appearance_checks.problems()))
        finally:
            templating.environment.cache_clear()

    def test_broken_files_stop_the_start(self, tmp_path, templates):
        (tmp_path / "sv.po").write_text('msgid "Log in"\nmsgstr "Logga in\n', "utf-8")
        folder = templates({"pages/login.html": "{% nonsense %}"})
        environment = environment_of(tmp_path, TEMPLATES_DIR=str(folder), LOCALES_DIR=str(tmp_path))
        done = subprocess.run(
            [sys.executable, "-c", "import main"], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 3
        assert "TEMPLATES_DIR: pages/login.html, line 1: Encountered unknown tag" in said
        assert "LOCALES_DIR: sv.po, line 2: not a line of a catalog" in said
        assert "Traceback" not in said

    def test_folder_that_does_not_exist_stops_the_start(self):
        with pytest.raises(InvalidSettings, match="TEMPLATES_DIR: must be a folder"):
            read(BASE | {"TEMPLATES_DIR": "/nowhere"})

    def test_hidden_files_of_a_mounted_folder_are_ignored(self, configure, templates):
        configure(templates_dir=str(templates({"..2026/pages/x.html": "{%", "pages/.swap": "{%"})))
        assert appearance_checks.problems() == []
