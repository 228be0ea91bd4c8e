"""Files and values as databases, spreadsheets and other systems write them."""

import json
from datetime import UTC, datetime

import pytest

from user_import import entries, files, values

AT = datetime(2023, 1, 5, 10, 11, 12, tzinfo=UTC)
TIMES = [
    "2023-01-05T10:11:12Z", "2023-01-05 10:11:12+00", "2023-01-05 10:11:12.000000+00", "2023-01-05 10:11:12", "2023-01-05T10:11:12",
    "2023-01-05T15:41:12+05:30", "2023-01-05 15:41:12+0530", "2023-01-05 05:11:12-05", "2023-01-05 10:11:12 UTC", "2023-01-05 10:11:12 +0000",
    "2023-01-05T10:11:12.000Z", "2023-01-05T10:11:12.000000000Z", 1672913472, 1672913472.0, 1672913472000, "1672913472", "1672913472000",
    {"$date": "2023-01-05T10:11:12Z"}, {"$date": 1672913472000}, {"$date": {"$numberLong": "1672913472000"}},
]  # fmt: skip


@pytest.mark.parametrize("written", TIMES, ids=str)
def test_time_is_read_in_the_formats_of_databases(written):
    assert values.time(written) == AT


@pytest.mark.parametrize("fraction", ["1", "12", "123", "1234", "12345", "123456", "1234567", "123456789"])
def test_fraction_can_have_any_length(fraction):
    found = values.time(f"2023-01-05 10:11:12.{fraction}+00")
    assert found == AT.replace(microsecond=int(f"{fraction:0<6}"[:6]))


@pytest.mark.parametrize("missing", [None, "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", {}, {"$date": None}], ids=str)  # fmt: skip
def test_missing_time(missing):
    assert values.time(missing) is None


@pytest.mark.parametrize("wrong", ["yesterday", "2023-13-01", "05.01.2023", "1969-12-31T23:59:59Z", "2999-01-01", "2023-01-05T25:00:00Z", "infinity", [], "12"], ids=str)  # fmt: skip
def test_invalid_time(wrong):
    with pytest.raises(ValueError, match="time"):
        values.time(wrong)


@pytest.mark.parametrize("written", [True, "t", "T", "true", "TRUE", "yes", "Y", "1", 1, "on"])
def test_true_values(written):
    assert values.boolean(written) is True


@pytest.mark.parametrize("written", [False, "f", "false", "No", "n", "0", 0, "off", ""])
def test_false_values(written):
    assert values.boolean(written) is False


@pytest.mark.parametrize("name", ["is_verified", "is_active", "roles", "username", "hashed_password", "created_at", "user_id", "email_proven_at"])  # fmt: skip
def test_null_is_absent(name):
    with_null, _ = entries.from_values({"email": "a@example.com", name: None})
    without, _ = entries.from_values({"email": "a@example.com"})
    assert with_null == without


NAMES = [
    ("x" * 80, "x" * 64), ("see http://evil.example", None), ("a\nb", "a b"), ("a\u202eb", "ab"), ("", None), ("  ", None),
    ("Zoë", "Zoë"), ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"), ("\0\0", None), ("tab\tname", "tab name"), (7, "7"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "name"), NAMES)
def test_invalid_name_rejects_no_account(written, name):
    entry, changes = entries.from_values({"email": "a@example.com", "username": written})
    assert entry.username == name
    assert bool(changes) is (name != str(written).strip())


ROWS = [{"email": "a@example.com", "username": "Ann, Smith"}, {"email": "b@example.com", "username": "Zoë"}]


def written_csv(delimiter=",", newline="\n", header=("email", "username")):
    lines = [delimiter.join(header), *(f'{row["email"]}{delimiter}"{row["username"]}"' for row in ROWS)]
    return newline.join(lines) + newline


CONTENTS = {
    "comma.csv": written_csv().encode(),
    "semicolon.csv": written_csv(";").encode(),
    "tab.tsv": written_csv("\t").encode(),
    "bar.csv": written_csv("|").encode(),
    "cr.csv": written_csv(newline="\r").encode(),
    "crlf.csv": written_csv(newline="\r\n").encode(),
    "bom.csv": b"\xef\xbb\xbf" + written_csv().encode(),
    "utf16.csv": written_csv(";").encode("utf-16"),
    "utf16be.csv": b"\xfe\xff" + written_csv().encode("utf-16-be"),
    "spaces.csv": written_csv(header=(" email", "username ")).encode(),
    "lines.jsonl": "\n".join(map(json.dumps, ROWS)).encode(),
    "blank-lines.jsonl": ("\n\n" + "\n\n".join(map(json.dumps, ROWS))).encode(),
    "utf16.jsonl": "\n".join(map(json.dumps, ROWS)).encode("utf-16"),
    "array.json": json.dumps(ROWS).encode(),
    "array-indented.json": json.dumps(ROWS, indent=4).encode(),
    "array-bom.json": b"\xef\xbb\xbf" + json.dumps(ROWS).encode(),
    "document.json": json.dumps({"a": [1, 2], "users": ROWS, "b": 1}).encode(),
    "document-indented.json": json.dumps({"realm": "x" * 70_000, "users": ROWS}, indent=1).encode(),
    "array-of-long-items.json": json.dumps([{**ROWS[0], "bio": "x" * 200_000}, ROWS[1]]).encode(),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_file_is_read_in_each_format(tmp_path, name):
    path, read = tmp_path / name, []
    path.write_bytes(CONTENTS[name])
    found = [value for _, value in files.records(path, read.append)]
    assert [{"email": each["email"], "username": each["username"]} for each in found] == ROWS
    assert sum(read) == path.stat().st_size


@pytest.mark.parametrize(
    "content",
    [b"[", b'[{"email": "a@example.com"}', b'[{"email": "a@exam', b'{"kind": "x",\n "other": []}', b"[1, 2", b'{"users": [{}'],
)  # fmt: skip
def test_truncated_document_is_reported(tmp_path, content):
    path = tmp_path / "users.json"
    path.write_bytes(content)
    with pytest.raises(files.Unreadable):
        list(files.records(path, lambda _: None))


@pytest.mark.parametrize("again", [b" email", b"Email"])
def test_header_that_names_a_column_twice_is_reported(tmp_path, again):
    (tmp_path / "users.csv").write_bytes(b"email;name;" + again + b"\na@example.com;A;b@example.com\n")
    with pytest.raises(files.Unreadable, match="names the column email twice"):
        list(files.records(tmp_path / "users.csv", lambda _: None))


def test_empty_file_has_no_users(tmp_path):
    for name in ("a.csv", "a.jsonl", "a.json"):
        (tmp_path / name).write_bytes(b"\n")
        assert list(files.records(tmp_path / name, lambda _: None)) == []
