"""The catalogs are complete, and their translations have the same placeholders and marks as the English texts."""

import functools
import re

import pytest
from babel.messages import pofile

from languages import catalogs, negotiation, reader, translation
from locales import update
from servers import PROJECT

TRANSLATED = [name for name in catalogs.NAMES if name != catalogs.SOURCE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@functools.cache
def catalog(language):
    with (PROJECT / "locales" / f"{language}.po").open("rb") as file:
        return pofile.read_po(file, locale=language.replace("-", "_"))


@functools.cache
def texts():
    return {each.id for each in update.template() if each.id}


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def sources(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalog_has_every_text_and_no_other(language):
    known = {each.id: each for each in catalog(language) if each.id}
    assert known.keys() == texts()
    assert [each.id for each in known.values() if each.fuzzy or not all(forms(each))] == []
    assert "Not yet reviewed" in catalog(language).header_comment


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_has_the_same_placeholders(language):
    for message in catalog(language):
        allowed = sorted(PLACEHOLDER.findall(sources(message)[-1]))
        for form in forms(message) if message.id else ():
            found = sorted(PLACEHOLDER.findall(form))
            # A plural form that stands for one number may write it as a word.
            assert found == allowed or (message.pluralizable and found == [p for p in allowed if "number" not in p]), (
                form
            )
            assert re.sub(PLACEHOLDER, "", form).count("%") == 0, form
            assert "<" not in form


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_is_not_english(language):
    same = [m.id for m in catalog(language) if isinstance(m.id, str) and m.id == m.string and len(m.id.split()) > 2]
    assert same == []


def test_plural_forms_follow_the_language():
    one, many = next(
        each.id for each in catalog("pl") if isinstance(each.id, tuple) and "must be at least" in each.id[0]
    )
    texts = [translation.plural(one, many, number) for number in (1, 2, 5)]
    assert texts == [one % {"number": 1}, many % {"number": 2}, many % {"number": 5}]
    with reader.use("pl"):
        polish = [translation.translate(text) for text in texts]
    assert [re.findall(r"\d", text) for text in polish] == [["1"], ["2"], ["5"]]
    assert len({re.sub(r"\d", "", text) for text in polish}) == 3


def forget_catalogs():
    for cached in (catalogs.names, catalogs.translations, catalogs._added, negotiation._match):
        cached.cache_clear()


def test_further_catalog_adds_a_language_and_replaces_texts(tmp_path, monkeypatch):
    (tmp_path / "sv.po").write_text(
        'msgid ""\nmsgstr "Language: sv\\nContent-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Log in"\nmsgstr "Logga in"\n',
        "utf-8",
    )
    (tmp_path / "en.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Log in"\nmsgstr "Sign in"\n', "utf-8")
    forget_catalogs()
    monkeypatch.setattr(catalogs, "settings", type("Settings", (), {"locales_dir": str(tmp_path)}))
    try:
        assert catalogs.names()["sv"] == "Svenska"
        found = {}
        for language in ("sv", "en"):
            with reader.use(language):
                found[language] = [translation.translate(text) for text in ("Log in", "Sign up")]
        assert found == {"sv": ["Logga in", "Sign up"], "en": ["Sign in", "Sign up"]}
    finally:
        monkeypatch.undo()
        forget_catalogs()


BROKEN = {
    'msgid "Log in"\nmsgstr "Logga in\n': "sv.po, line 2",
    'msgid "Log in"\nmsgstr Logga in\n': "sv.po, line 2",
    "hello\n": "sv.po, line 1",
    'msgid "Continue with %(provider)s"\nmsgstr "Fortsätt med %(leverantör)s"\n': "sv.po, line 1",
    'msgid "Continue with %(provider)s"\nmsgstr "100 % %(provider)s"\n': "sv.po, line 1",
    'msgid "Log in"\nmsgstr "100 % sure"\n': "sv.po, line 1",
    'msgid "Log in"\nmsgstr "\\xff"\n'.encode("latin-1"): None,
    b'msgid "Log in"\nmsgstr "\xff"\n': "sv.po: 'utf-8'",
}


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_broken_catalog_is_reported_with_its_line(tmp_path, content):
    path = tmp_path / "sv.po"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if BROKEN[content] is None:
        catalogs.read(path)
        return
    with pytest.raises(ValueError, match=re.escape(BROKEN[content])):
        catalogs.read(path)
