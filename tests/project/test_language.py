"""No file contains a phrase that this project does not use."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PHRASES = (
    "pages of our own",
    "the trail",
    "what ends what",
    "the ladder",
    "proof of presence",
    "one may",
    "whoever",
    "somebody",
    "e-mail",
)
# Third-party code, word lists, generated clients, and this list.
EXCLUDED = re.compile(
    r"""
    (.*/)?(package-lock\.json | requirements.*\.txt)
    | static/.*\.min\.(css|js)
    | credentials/commonest_passwords\.txt
    | clients/.*/generated/.*
    | postman/postman_collection\.json
    | tests/project/test_language\.py
    """,
    re.VERBOSE,
)
# Names that are not ours to choose, by file.
ALLOWED = {
    "user_import/systems.py": {"e-mail"},  # a column of other systems' exports
    **{f"locales/{tag}.po": {"e-mail"} for tag in ("de", "fr", "nl", "pl", "pt-BR")},  # the word of these languages
}


def _text_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if name and not EXCLUDED.fullmatch(name)]


def _phrases_in(name: str) -> list[str]:
    path = ROOT / name
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
    except UnicodeDecodeError:  # an image
        return []
    # A phrase may continue on the next line of a comment, or be part of a name.
    words = " ".join(re.sub(r"[#_]", " ", text.lower()).split())
    checked = [phrase for phrase in PHRASES if phrase not in ALLOWED.get(name, ())]
    return [phrase for phrase in checked if re.search(rf"\b{phrase}\b", words)]


def test_no_file_contains_a_phrase_to_avoid():
    found = {name: phrases for name in _text_files() if (phrases := _phrases_in(name))}
    assert found == {}
