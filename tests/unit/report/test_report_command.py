"""`reliability report`: what it writes, that every view shows the same figures, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from page_material import ROOT, parsed

from reliability.cli import main
from reliability.reasoning.sentences import percent

REPORTS = ROOT / "fixtures" / "agency-against-denial" / "reports.jsonl"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The command in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["reliability", *map(str, arguments)])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, wide enough for tables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.mark.parametrize("name", ["agency-against-denial", "three-answers", "seed-figures", "extraordinary-claim"])
def test_table_json_csv_and_page_show_the_same_figures(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    reports = ROOT / "fixtures" / name / "reports.jsonl"
    assert run(monkeypatch, "report", reports, "-o", "page.html") == 0
    for form in ("json", "csv", "table"):
        assert run(monkeypatch, "rate", reports, "--format", form, "-o", f"out.{form}") == 0
    assert capsys.readouterr().out == ""
    records = {one["claim"]["id"]: one for one in json.loads((folder / "out.json").read_text())}
    in_csv = {row["claim_id"]: row for row in csv.DictReader(io.StringIO((folder / "out.csv").read_text()))}
    table = (folder / "out.table").read_text()
    root = parsed((folder / "page.html").read_text())
    rows = root.one("table", id="claims").one("tbody").all("tr")
    shown = sorted((row.one("th").one("a").text, float(row.one("data").attributes["value"])) for row in rows)
    assert shown == sorted((" ".join(one["claim"]["text"].split()), one["rating"]["p"]) for one in records.values())
    for key, record in records.items():
        assert float(in_csv[key]["p"]) == record["rating"]["p"]
        assert percent(record["rating"]["p"]) in table
        anchor = f"k-{key}" if f'id="k-{key}"' in (folder / "page.html").read_text() else None
        if anchor is not None:
            bars = root.one("div", id=anchor).one("svg", class_="wf").all("text", class_="e")
            assert bars[-1].text == percent(record["rating"]["p"])


def test_without_a_file_the_page_goes_to_stdout(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(monkeypatch, "report", REPORTS, "--title", "Troops & rivers") == 0
    page = capsysbinary.readouterr().out.decode()
    assert run(monkeypatch, "report", REPORTS, "--title", "Troops & rivers", "-o", "page.html") == 0
    assert (folder / "page.html").read_text() == page
    assert parsed(page).one("h1").text == "Troops & rivers"


def test_a_dry_run_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "report", REPORTS, "-o", "page.html", "--dry-run") == 0
    assert "would write page.html" in capsys.readouterr().out
    assert list(folder.iterdir()) == []


def test_a_folder_is_no_page(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "report", REPORTS, "-o", folder) == 2
    assert "is a folder; name the page" in capsys.readouterr().err


def test_bad_input_is_bad_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "report", "nowhere.jsonl", "-o", "page.html") == 3
    assert "nowhere.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize("package", ["jinja2", "drawsvg"])
def test_a_missing_extra_is_named_with_its_install_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], package: str
) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == package else find(name, *more))
    assert run(monkeypatch, "report", REPORTS, "-o", "page.html") == 2
    said = capsys.readouterr().err
    assert package in said
    assert "pip install 'source-reliability[report]'" in said


def test_a_large_set_says_what_it_wrote(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from reliability.report import page

    monkeypatch.setattr(page.pages_of, "__kwdefaults__", {"limit": 20_000})
    assert run(monkeypatch, "report", REPORTS, "-o", "page.html") == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "page-2.html"
    assert names[-1] == "page.html"
    assert f"wrote {len(names)} pages: the index page.html" in capsys.readouterr().err
    assert run(monkeypatch, "report", REPORTS) == 2
    assert "say -o FILE.html" in capsys.readouterr().err
