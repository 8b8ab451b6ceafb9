"""`agree`: the same figures in every format, 1.0 with oneself, and what is asked for wrongly."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from .command import FIXTURES, OUTLET, SEED, assert_refused, process, run

PEOPLE = "claim,label,p\na,likely,0.7\nb,unlikely,0.3\nc,very likely,0.9\nd,remote,\n"
OTHERS = "claim,label,p\na,likely,0.6\nb,likely,0.6\nc,very likely,0.85\nd,unlikely,0.25\n"


@pytest.fixture
def two(folder: Path) -> tuple[str, str]:
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "others.csv").write_text(OTHERS, encoding="utf-8")
    return "people.csv", "others.csv"


def test_every_format_has_the_same_figures(two: tuple[str, str]) -> None:
    told = json.loads(run("agree", *two, "--format", "json").out)["together"]
    figures = [(one["level"], one["alpha"], one["low"], one["high"]) for one in told]
    assert [name for name, *_ in figures] == ["nominal", "ordinal", "interval"]
    in_csv = csv.DictReader(io.StringIO(run("agree", *two, "--format", "csv").out))
    assert [(one["level"], *(float(one[key]) for key in ("alpha", "low", "high"))) for one in in_csv] == figures
    table, markdown = (run("agree", *two, "--format", form).out for form in ("table", "markdown"))
    for level, alpha, low, high in figures:
        assert f"{level:<10}{alpha:>8.3f}{low:>8.3f}{high:>8.3f}" in table
        assert f"| {level} | {alpha} | {low} | {high} |" in markdown
    assert run("agree", *two, "--format", "jsonl").records == told


@pytest.mark.parametrize("source", [(SEED, *OUTLET), (FIXTURES / "circular-reporting" / "reports.jsonl",)])
def test_the_engine_agrees_with_itself(source: tuple[object, ...], folder: Path) -> None:
    run("rate", *source, "-o", "engine.jsonl")
    found = json.loads(run("agree", "engine.jsonl", "engine.jsonl", "--format", "json").out)
    assert [one["alpha"] for one in found["together"]] == [1.0] * 3


def test_the_interval_depends_on_the_seed_alone(two: tuple[str, str]) -> None:
    asked = ("agree", *two, "--format", "json", "--seed")
    assert run(*asked, 1).stdout == run(*asked, 1).stdout
    assert run(*asked, 1).stdout == process(*asked, 1, env={"PYTHONHASHSEED": "9"}).stdout
    assert run(*asked, 1).stdout != run(*asked, 2).stdout


def test_low_agreement_can_be_a_finding(two: tuple[str, str]) -> None:
    assert run("agree", *two, "--fail-under", "0.99").code == 1
    assert run("agree", *two, "--fail-under", "-1").code == 0


def test_bad_rows_are_counted_and_kept(two: tuple[str, str], folder: Path) -> None:
    (folder / "others.csv").write_text(OTHERS + "e,likely,7\n", encoding="utf-8")
    done = run("agree", *two, "--rejects", "bad.jsonl", "--format", "csv")
    assert done.code == 0
    assert "1 reject, in bad.jsonl; the first: others.csv:6: p: must be a number" in done.err
    assert json.loads((folder / "bad.jsonl").read_text())["line"] == 6
    assert_refused(run("agree", *two, "--strict", "--quiet"), 3, "others.csv:6", "--strict")


def test_what_is_asked_for_wrongly_is_said(two: tuple[str, str]) -> None:
    assert_refused(run("agree", two[0]), 2, "give two files")
    assert_refused(run("agree", *two, "--scale", "icd23"), 2, "no scale 'icd23'", "icd203")
    assert_refused(run("agree", two[0], "nowhere.csv"), 3, "nowhere.csv", "no such file")
    assert_refused(run("agree", *two, "-o", two[0]), 2, "is an input too")
    assert_refused(run("agree", *two, "--order", "x"), 2, "--order")


def test_hostile_labels_and_names_steer_no_terminal_and_no_spreadsheet(folder: Path) -> None:
    for name in ("=cmd.csv", "b.csv"):
        (folder / name).write_text("claim,label\na,=1+1\u202e\nb,\x1b[31mred\n", encoding="utf-8")
    table = run("agree", "=cmd.csv", "b.csv", "--format", "table").out
    assert "\x1b" not in table
    assert "\u202e" not in table
    cells = next(csv.DictReader(io.StringIO(run("agree", "=cmd.csv", "b.csv", "--format", "csv").out)))
    assert cells["raters"] == "'=cmd & b"
