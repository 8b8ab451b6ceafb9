"""Articles: their text exactly, what is known about them, and what is refused."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.errors import InputError
from reliability.io.articles import read_article_file
from reliability.io.rows import Notes


def article(tmp_path: Path, data: bytes | str, name: str = "a.txt", sidecar: str | None = None, **given):
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    side = tmp_path / "a.meta.toml"
    side.unlink(missing_ok=True)
    if sidecar is not None:
        side.write_text(sidecar, encoding="utf-8")
    return read_article_file(path, **given)


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1).filter(str.strip)
)
def test_a_text_is_kept_to_the_character(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("x")
    assert article(folder, text).text == text
    assert article(folder, b"\xef\xbb\xbf" + text.encode()).text == text
    assert article(folder, gzip.compress(text.encode()), "a.md.gz").text == text
    assert article(folder, json.dumps({"text": text}), "a.json").text == text


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.TXT", "a.txt.gz"])
def test_the_id_is_the_name_without_its_ending(tmp_path: Path, name: str) -> None:
    data = gzip.compress(b"x") if name.endswith("gz") else b"x"
    assert article(tmp_path, data, name).id == "a"


def test_a_name_with_dots_loses_only_its_ending(tmp_path: Path) -> None:
    assert article(tmp_path, "x", "2025.03.12 report.txt").id == "2025.03.12 report"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty; give an article's text"),
        (b" \r\n\t\xc2\xa0", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"abc\xffdef", "is not UTF-8 at byte offset 3; save it as UTF-8"),
        (b"\xef\xbb\xbfab\xed\xa0\x80", "is not UTF-8 at byte offset 5"),
        (b"abc\0", "is binary: a NUL byte at offset 3"),
        ("abc".encode("utf-16"), "is UTF-16 or UTF-32, not UTF-8"),
        (b"x" * 2_000_001, "has 2,000,001 characters; at most 2,000,000 are read, and none is cut"),
    ],
)
def test_a_text_that_is_none_is_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        article(tmp_path, data)
    assert problem in str(raised.value)
    assert raised.value.where == str(tmp_path / "a.txt")
    assert raised.value.exit_code == 3


def test_two_million_characters_of_four_bytes_are_read(tmp_path: Path) -> None:
    assert len(article(tmp_path, "😀" * 2_000_000).text) == 2_000_000


def test_a_text_longer_than_asked_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    bomb = gzip.compress(b"x" * 50_000_000)
    with pytest.raises(InputError, match="it is too long; at most 1,000 are read") as raised:
        article(tmp_path, bomb, "a.txt.gz", max_chars=1_000)
    assert "--max-chars" in str(raised.value)


@pytest.mark.parametrize("data", [b"not gzip", gzip.compress(b"hello" * 99, mtime=0)[:-5]])
def test_a_damaged_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"damaged \.gz"):
        article(tmp_path, data, "a.txt.gz")


def test_a_file_that_cant_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_article_file(tmp_path / "none.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        read_article_file(tmp_path / "folder.txt")
    with pytest.raises(InputError, match="can't be read"):
        read_article_file(tmp_path / "folder.txt" / ("x" * 300 + ".txt"))


def test_a_json_article_is_read_and_its_other_keys_are_noted(tmp_path: Path) -> None:
    notes = Notes()
    record = {"id": "x1", "url": "https://example.org/1", "publisher": "The Example", "published": "2025-03",
              "text": "Hi.", "retrieved": None, "language": "en", "title": "Hello"}  # fmt: skip
    found = article(tmp_path, json.dumps(record), "a.json", notes=notes)
    assert (found.id, found.publisher, found.published, found.text) == ("x1", "The Example", "2025-03", "Hi.")
    assert notes.unknown_columns == {"title": 1}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("{", "malformed JSON"),
        ("[]", "is not an article: an object with `text`"),
        ('{"text": 3}', "is not an article"),
        ('{"id": "x"}', "is not an article"),
        ('{"text": ""}', "is empty"),
        ('{"text": "a\\u0000"}', "is binary"),
        ('{"text": "a\\ud800"}', "a lone surrogate"),
        ('{"text": "a", "text": "b"}', "the key `text` stands twice"),
        ('{"text": "a", "published": "soon"}', "published: not a date"),
        ('{"text": "a", "id": 7}', "id: must be a text, not `7`"),
        (json.dumps({"text": "x" * 2_000_001}), "has 2,000,001 characters"),
    ],
)
def test_json_that_is_no_article_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        article(tmp_path, text, "a.json")
    assert problem in str(raised.value)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_of_reports_is_no_article(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="holds reports, not an article"):
        article(tmp_path, "x", name)


def test_a_sidecar_gives_what_the_file_lacks_and_options_what_both_lack(tmp_path: Path) -> None:
    sidecar = 'publisher = "ABC News"\npublished = 2025-03-12\nid = "abc"\r\n'
    found = article(tmp_path, "x", sidecar=sidecar, publisher="Other", published="1999", url="https://example.org")
    assert (found.id, found.publisher, found.published, found.url) == (
        "abc",
        "ABC News",
        "2025-03-12",
        "https://example.org",
    )
    text = json.dumps({"text": "x", "publisher": "In the file"})
    assert article(tmp_path, text, "a.json", sidecar=sidecar).publisher == "In the file"
    assert article(tmp_path, "x", publisher="Other").publisher == "Other"


def test_a_moment_in_a_sidecar_keeps_its_offset(tmp_path: Path) -> None:
    assert (
        article(tmp_path, "x", sidecar="published = 2025-03-12T10:00:00+01:00").published == "2025-03-12T10:00:00+01:00"
    )


def test_a_publishers_type_goes_only_with_its_name(tmp_path: Path) -> None:
    assert article(tmp_path, "x", publisher="A", publisher_type="media").publisher_type == "media"
    other = article(tmp_path, "x", sidecar='publisher = "B"', publisher="A", publisher_type="media")
    assert (other.publisher, other.publisher_type) == ("B", None)
    same = article(tmp_path, "x", sidecar='publisher = " abc  NEWS"', publisher="ABC News", publisher_type="media")
    assert same.publisher_type == "media"
    both = article(
        tmp_path, "x", sidecar='publisher = "B"\npublisher_type = "wire-agency"', publisher="B", publisher_type="media"
    )
    assert both.publisher_type == "wire-agency"


@pytest.mark.parametrize(
    ("sidecar", "problem"),
    [
        ("publisher = ", "TOML syntax error: Invalid value (at end of document)"),
        ("a = 1\nb = =", "a.meta.toml:2: TOML syntax error: Invalid value (at line 2, column 5)"),
        ('publishr = "x"', "publishr: is not a key of a sidecar; did you mean `publisher`"),
        ('text = "x"', "text: is not a key of a sidecar"),
        ("publisher = 3", "publisher: must be a text, not `3`"),
        ('published = "soon"', "published: not a date"),
        ("published = 10:00:00", "published: must be a text"),
        ("a = " + "[" * 5_000, "TOML"),
        ("# " + "x" * 1_000_001, "is longer than 1,000,000 bytes"),
    ],
)
def test_a_wrong_sidecar_is_refused_by_its_own_name(tmp_path: Path, sidecar: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        article(tmp_path, "x", sidecar=sidecar)
    assert raised.value.where == str(tmp_path / "a.meta.toml")
    assert problem in str(raised.value)


def test_a_sidecar_may_carry_the_whole_name_but_there_is_only_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt.meta.toml").write_text('publisher = "P"')
    assert article(tmp_path, "x").publisher == "P"
    with pytest.raises(InputError, match=r"is a sidecar of a\.txt too; keep one"):
        article(tmp_path, "x", sidecar="")


@pytest.mark.parametrize("key", ["published", "url", "publisher"])
def test_a_wrong_option_is_bad_input(tmp_path: Path, key: str) -> None:
    with pytest.raises(InputError, match=key):
        article(tmp_path, "x", **{key: "x" * 5_000})
