"""Sources files: who is who."""

from datetime import date
from pathlib import Path

import pytest

from reliability.errors import InputError
from reliability.io.sources import read_sources_file
from reliability.rules.schema import SourceEntry

TOML = """
[[source]]
name = "National Intelligence Service"
type = "intelligence-agency"
aliases = ["NIS", "South Korean intelligence"]
bloc = "rok"
country = "KR"
carries = true
facts = { party_to_conflict = false, paid = "" }
since = 1999-01-01
reference = "https://example.org"

[[source]]
name = "The Example"
until = 2020-01-01T10:00:00Z
"""
CSV = (
    "name,type,aliases,bloc,domain,country,carries,facts,since,until,reference\n"
    "National Intelligence Service, intelligence-agency ,NIS; South Korean intelligence;,rok,,KR,Yes,"
    '"{""party_to_conflict"": false, ""paid"": """"}",'
    "1999-01-01,,https://example.org\n"
    "The Example,,,,,,,,,2020-01-01,\n"
)


def read(tmp_path: Path, text: str, name: str = "s.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_sources_file(path)


def test_toml_and_csv_say_the_same(tmp_path: Path) -> None:
    expected = (
        SourceEntry(
            name="National Intelligence Service",
            type="intelligence-agency",
            aliases=("NIS", "South Korean intelligence"),
            bloc="rok",
            country="KR",
            carries=True,
            facts={"party_to_conflict": False, "paid": ""},
            since=date(1999, 1, 1),
            reference="https://example.org",
        ),
        SourceEntry(name="The Example", until=date(2020, 1, 1)),
    )
    assert read(tmp_path, TOML) == expected
    assert read(tmp_path, CSV, "s.csv") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "s.toml: holds no sources; add a [[source]] table"),
        ("[[source]\n", "s.toml:1: TOML syntax error"),
        ("[[sourse]]\nname = 'x'", "s.toml: sourse: is not a key of a sources file; did you mean `source`?"),
        ("[source]\nname = 'x'", "source: is not a list of tables; write [[source]], with two brackets"),
        ("source = [1]", "source: is not a list of tables"),
        ("[[source]]\ntype = 'x'", "source[0]: name: is missing; known: name, type, aliases"),
        (
            "[[source]]\nname = 'x'\n[[source]]\nname = 'y'\ntipe = 'z'",
            "source[1] (y): tipe: is not a field; did you mean `type`?",
        ),
        ("[[source]]\nname = 'x'\ntype = 'Two words'", "type: must match"),
        ("[[source]]\nname = 'x'\ncarries = 1", "carries: must be true or false, not `1`"),
        (
            "[[source]]\nname = 'x'\nfacts = { a = [1] }",
            "facts.a: must be true, false, a finite number, a text or null",
        ),
        ("[[source]]\nname = 'x'\nsince = 'long ago'", "since: "),
        ("[[source]]\nname = 'x'\naliases = 'y'", "aliases: must be a list, not `y`"),
        ("[[source]]\nname = 'x'\naliases = ['Y']\n[[source]]\nname = ' y '", "source[1]: `y` stands twice"),
        ("[[source]]\nname = 'x'\n[[source]]\nname = 'X'", "source[1]: `X` stands twice"),
    ],
)
def test_a_wrong_toml_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "s.csv: is empty"),
        ("name\n", "s.csv: holds no sources"),
        ("type\nmedia\n", "s.csv:1: the header has no column name"),
        ("name,alias\nx,y\n", "s.csv:1: alias: is not a column of a sources file; did you mean `aliases`?"),
        ("name,type\nx\n", "s.csv:2: a row of 1 cells under a header of 2; mend the row"),
        ('name,type\nx,"y\n', "s.csv:2: malformed CSV: a quote that is not closed; mend the row"),
        ("name,facts\nx,{\n", "s.csv:2: facts: malformed JSON"),
        ("name,carries\nx,maybe\n", "s.csv:2: carries: must be true or false, not `maybe`"),
        ("name,since\nx,\ny,soon\n", "s.csv:3: since: "),
        ("name,aliases\nx,A;B\ny,b\n", "s.csv:3: `b` stands twice"),
    ],
)
def test_a_wrong_csv_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, text, "s.csv")
    assert message in str(raised.value)


def test_one_source_may_be_entered_for_two_periods(tmp_path: Path) -> None:
    text = "name,type,until,since\nx,media,2019-12-31,\nX,company,,2020-01-01\n"
    assert [entry.type for entry in read(tmp_path, text, "s.csv")] == ["media", "company"]


@pytest.mark.parametrize("name", ["s.json", "sources"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"a sources file is \.toml or \.csv, not"):
        read(tmp_path, "", name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_sources_file(tmp_path / "none.toml")
