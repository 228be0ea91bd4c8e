"""Write every email and page to a folder, in every language."""

import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer

from commands.app import app

ASSETS = "assets"


@app.command()
def preview_mails(
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The folder to write to. It is created if it does not exist.")
    ],
    language: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="Only this language, such as de. Repeat it for several.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write to a folder that is not empty.")] = False,
) -> None:
    """Preview every email and page, in every language.

    Uses made-up data, your brand, templates and catalogs, and needs no database. Open index.html in the folder.
    """
    from languages import catalogs
    from operations import startup

    startup.require_files()
    unknown = [tag for tag in language or () if tag not in catalogs.names()]
    if unknown:
        raise SystemExit(f"--language must be one of {', '.join(catalogs.names())}.")
    if out.exists() and not out.is_dir():
        raise SystemExit(f"{out} is not a folder.")
    if out.exists() and any(out.iterdir()) and not force:
        raise SystemExit(f"{out} is not empty. Use --force to write to it.")
    _write(out, list(dict.fromkeys(language or catalogs.names())))
    print(f"Open {out / 'index.html'} in a browser.")


def _write(out: Path, languages: list[str]) -> None:
    from core import signing, templating
    from languages import catalogs, reader
    from web import templates

    # The login page signs a challenge, which needs a salt. That of the installation is in its database.
    signing.use_salt(signing.Salt(b"previews", None))
    shutil.copytree(templating.DEFAULTS.parent / "static", out / ASSETS, dirs_exist_ok=True)
    (out / ASSETS / "brand.css").write_text(templates.brand_styles(), encoding="utf-8")
    emails: dict[str, dict[str, str]] = defaultdict(dict)
    pages: dict[str, dict[str, str]] = defaultdict(dict)
    for tag in languages:
        with reader.use(tag, "Europe/Vienna"):
            for name, subject in _emails(out / "emails" / tag):
                emails[name][tag] = subject
            for name in _pages(out / "pages" / tag):
                pages[name][tag] = ""
        print(f"{tag}: {len(emails)} emails, {len(pages)} pages", file=sys.stderr)
    index = templating.environment("previews").get_template("index.html")
    sections = [("Emails", "emails", emails), ("Pages", "pages", pages)]
    (out / "index.html").write_text(index.render(sections=sections, names=catalogs.names()), encoding="utf-8")


def _emails(folder: Path) -> list[tuple[str, str]]:
    """Write the emails of a language, and return their names and subjects."""
    import email_utils
    from delivery import examples

    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, contexts in examples.CONTEXTS.items():
        email = email_utils.render_example(name, contexts[0])
        (folder / f"{name}.html").write_text(email.html, encoding="utf-8")
        (folder / f"{name}.txt").write_text(f"Subject: {email.subject}\n\n{email.text}", encoding="utf-8")
        found.append((name, email.subject))
    return found


def _pages(folder: Path) -> list[str]:
    """Write the pages of a language, and return their names."""
    from commands import preview_pages
    from web import templates

    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, html in preview_pages.rendered():
        for url in ("/docs/assets/", "/brand.css"):
            asset = url.removeprefix("/docs/assets/").removeprefix("/")
            html = html.replace(f'"{templates.base_path()}{url}', f'"../../{ASSETS}/{asset}')  # noqa: PLW2901
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
        found.append(name)
    return found
