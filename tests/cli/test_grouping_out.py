"""`claims --grouping-out`: what was grouped, as a file that groups the same again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .command import FIXTURES, run

HEADLINES = [
    "Pink whale stranded on Velm beach, fishermen say",
    "Fishermen find stranded pink whale on beach near Velm",
    'Photo of "pink whale" on Velm beach is a hoax',
    "Ardan mayor sold the town hall over gambling debts",
]


def write(folder: Path) -> None:
    rows = [
        {"text": text, "provenance": [{"source": f"Outlet {at}", "type": "media"}]} for at, text in enumerate(HEADLINES)
    ]
    (folder / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_file_groups_the_same_reports_the_same(folder: Path) -> None:
    write(folder)
    first = run("claims", "r.jsonl", "--grouping-out", "g.toml")
    again = run("claims", "r.jsonl", "--grouping", "g.toml", "--grouping-out", "again.toml")
    assert [row["stance"] for row in first.records] == ["asserts", "asserts", "denies", "asserts"]
    assert len({row["claim"] for row in first.records}) == 2
    assert again.stdout == first.stdout
    assert (folder / "again.toml").read_bytes() == (folder / "g.toml").read_bytes()
    assert run("rate", "r.jsonl", "--grouping", "g.toml").stdout == run("rate", "r.jsonl").stdout


def test_an_edit_has_the_last_word(folder: Path) -> None:
    write(folder)
    run("claims", "r.jsonl", "--grouping-out", "g.toml")
    text = (folder / "g.toml").read_text(encoding="utf-8")
    assert text.count("opposed = [") == 1
    lines = [line for line in text.splitlines() if "hoax" in line]
    key = lines[0].split('"')[1]
    own = f'[[claim]]\nid = "hoax"\nmembers = ["{key}"]\n'
    (folder / "g.toml").write_text(own, encoding="utf-8")
    rows = run("claims", "r.jsonl", "--grouping", "g.toml").records
    assert [(row["claim"] == "hoax", row["stance"]) for row in rows] == [
        (False, "asserts"), (False, "asserts"), (True, "asserts"), (False, "asserts"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["circular-reporting", "casualty-pairs", "two-names"])
def test_grouping_files_of_the_invented_sets_change_nothing(folder: Path, name: str) -> None:
    (path,) = (FIXTURES / name).glob("reports.*")
    shutil.copy(path, folder)
    plain = run("claims", path.name, "--grouping-out", "g.toml").stdout
    assert run("claims", path.name, "--grouping", "g.toml").stdout == plain


def test_it_is_never_written_over_what_is_read(folder: Path) -> None:
    write(folder)
    result = run("claims", "r.jsonl", "--grouping-out", "r.jsonl")
    assert result.code == 2
    assert "is an input too" in result.err
    assert "would write the grouping to g.toml" in run("claims", "r.jsonl", "--dry-run", "--grouping-out", "g.toml").out
