"""`manage.py preview-mails` writes every email and page in every language."""

import re
import subprocess
import sys

import pytest

import manage
from commands import preview_pages, previews
from core import capability, signing
from databases import SQLITE_ONLY
from delivery import examples
from languages import catalogs, reader
from servers import PROJECT, environment_of
from telemetry import logs


def test_each_email_and_each_page_has_made_up_values():
    assert examples.CONTEXTS.keys() == capability.emails().keys()
    pages = {path.stem for path in (PROJECT / "templates" / "pages").glob("*.html")}
    assert preview_pages.CONTEXTS.keys() | set(preview_pages.NOT_PREVIEWED) == pages
    assert not preview_pages.CONTEXTS.keys() & set(preview_pages.NOT_PREVIEWED)


@SQLITE_ONLY
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_page_is_rendered_in_the_language(service, language):
    with reader.use(language):
        pages = dict(preview_pages.rendered())
    assert pages.keys() == preview_pages.CONTEXTS.keys()
    for html in pages.values():
        assert f'<html lang="{language}"' in html
        assert html.count("<h1") == 1


def test_folder_shows_every_email_and_page_side_by_side(tmp_path):
    """As a process, without a database."""
    environment = environment_of(
        tmp_path,
        DATABASE_URL="postgresql://x@127.0.0.1:1/x",
        APP_NAME="Acme",
        BRAND_COLOR="#e4572e",
        PUBLIC_BASE_URL="http://localhost:8000/id",
    )
    done = subprocess.run(
        [sys.executable, PROJECT / "manage.py", "preview-mails", "--out", "out", "--language", "de", "--language", "ja"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout == "Open out/index.html in a browser.\n"
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["de", "ja"]
    index = (tmp_path / "out/index.html").read_text("utf-8")
    shown = re.findall(r'<iframe [^>]*src="([^"]+)"', index)
    assert len(shown) == 2 * (len(examples.CONTEXTS) + len(preview_pages.CONTEXTS))
    for path in shown + re.findall(r'<a href="([^"]+)"', index):
        assert (tmp_path / "out" / path).is_file()
    login = tmp_path / "out/pages/de/login.html"
    assets = re.findall(r'<(?:link|script|img) [^>]*(?:href|src)="([^"]+)"', login.read_text("utf-8"))
    assert len(assets) >= 3
    for path in assets:
        assert (login.parent / path.partition("?")[0]).resolve().is_file(), path
    assert "Acme" in (tmp_path / "out/emails/ja/verify_email.txt").read_text("utf-8")


@pytest.fixture
def preview_here(service, tmp_path, monkeypatch, capsys):
    """preview_here("--out", "out"): run the command in this process, and return its errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "set_up", lambda: None)
    monkeypatch.setattr(signing, "use_salt", lambda _salt: None)  # the service keeps its own

    def run(*arguments):
        try:
            manage.run("preview-mails", "--out", "out", *arguments)
        except SystemExit as refused:
            return refused.code
        return capsys.readouterr().err

    return run


@SQLITE_ONLY
def test_folder_that_is_not_empty_is_refused(preview_here, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("kept")
    assert preview_here("--language", "de") == "out is not empty. Use --force to write to it."
    assert preview_here("--language", "de", "--language", "ar", "--force").count("\n") == 2
    assert (tmp_path / "out/mine.txt").read_text() == "kept"
    assert {path.name for path in (tmp_path / "out/emails").iterdir()} == {"de", "ar"}


@SQLITE_ONLY
def test_every_language_is_shown_by_default(preview_here, monkeypatch):
    shown = []
    monkeypatch.setattr(previews, "_write", lambda _out, languages: shown.extend(languages))
    preview_here()
    assert shown == list(catalogs.names())


@SQLITE_ONLY
def test_unknown_language_is_refused(preview_here):
    assert preview_here("--language", "xx").startswith("--language must be one of en, de, ")


@SQLITE_ONLY
def test_file_in_place_of_the_folder_is_refused(preview_here, tmp_path):
    (tmp_path / "out").write_text("")
    assert preview_here() == "out is not a folder."
