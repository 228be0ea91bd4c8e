"""Every table has a row in the documentation that says what bounds it."""

import re
from pathlib import Path

import database
from core import capability


def test_documentation_says_what_bounds_each_table():
    assert capability.installed()  # imports all tables
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.partition("## What grows, and what bounds it")[2].partition("\n## ")[0]
    first_cells = "".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    assert sorted(re.findall(r"`(\w+)`", first_cells)) == sorted(database.Base.metadata.tables)
