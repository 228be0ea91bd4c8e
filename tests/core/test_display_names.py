"""Display names are accepted in any script, and misleading characters are rejected."""

import pytest

from core import display_names
from databases import SQLITE_ONLY

NAMES = [
    "Alice", "山田　太郎", "علی‌رضا", "👨‍👩‍👧", "🏳️‍🌈", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Zoë", "Zoe\u0308", "Renée de la Vallée-Poussin", "O’Brien", "D'Angelo", "Jean\u00a0Paul", "Ngũgĩ wa Thiong'o",
    "नरेन्द्र", "ක්‍රිෂ්ණ", "Nguyễn Văn A", "محمد", "שרה", "Ωμέγα", "Ⅷ", "X Æ A-12", "김\u2003철수", "李四 (Si)", "🫨",
    "Dr. Strange, PhD", "٣", "𠮷野家", "a\u200fب", "thin\u2009space", "narrow\u202fspace", "❤️", "1️⃣", "👩🏽‍🚀",
]  # fmt: skip
NOT_NAMES = [
    "", " ", "\u3000", "\u200d", "\u200c\u200d", "\ufe0f", "x" * 65, "a\nb", "a\tb", "a\0b", "a\x1bb", "a\x7fb", "a\u0085b",
    "a\u2028b", "a\u2029b", "a\u202eb", "a\u202ab", "a\u2066b\u2069", "a\u200bb", "a\u2060b", "a\ufeffb", "a\u00adb",
    "\u0378", "a\uffffb", "\ue000", "\U0010fffd", "a\ud800b", "https://evil.example", "see WWW.evil.example",
    "http\uff1a//evil", "\U000e0067\U000e007f", "a\U000e0067b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_valid_name_is_kept_unchanged(name):
    assert display_names.check(name) == name
    assert display_names.check(f"  {name}\u3000") == name


@pytest.mark.parametrize("text", NOT_NAMES, ids=ascii)
def test_invalid_name_is_rejected(text):
    with pytest.raises(ValueError, match="must"):
        display_names.check(text)


@pytest.mark.parametrize("text", [*NOT_NAMES, *NAMES], ids=ascii)
def test_repair_returns_a_valid_name_or_nothing(text):
    repaired = display_names.repair(text)
    assert repaired is None or display_names.check(repaired) == repaired


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Alice\nLiddell", "Alice Liddell"),
        ("x" * 80, "x" * 64),
        ("see http://evil", None),
        ("a\u202eb", "ab"),
    ],
)
def test_text_is_repaired_to_the_closest_valid_name(text, name):
    assert display_names.repair(text) == name


@SQLITE_ONLY
def test_names_are_returned_as_they_were_sent(alice):
    for name in ("山田　太郎", "👨‍👩‍👧", "علی‌رضا"):
        assert alice.client.patch("/users/me", {"username": name}).json()["username"] == name
        assert alice.me()["username"] == name
