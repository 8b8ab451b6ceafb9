"""`export`: every format from the seed, the same bytes every time, and what is asked for wrongly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reliability.exchange.formats import FORMATS

from .command import FIXTURES, OUTLET, SEED, assert_refused, lines, process, report, run
from .test_plugins import broken, path

__all__ = ["path"]
ANSWERS = FIXTURES / "three-answers" / "reports.jsonl"
REVIEWED = ("--reviewed-by", "A. Editor")


EACH_FORMAT = """
import sys
from reliability.cli import main
asked = sys.argv[1:]
for name in asked.pop(0).split():
    sys.argv = ["reliability", "export", name, *asked, "-o", f"there.{name}"]
    try:
        main()
    except SystemExit as stop:
        assert not stop.code
"""


def test_every_format_is_the_same_whatever_the_hash_seed_the_clock_and_the_zone(folder: Path) -> None:
    asked = (ANSWERS, FIXTURES / "circular-reporting" / "reports.jsonl", *REVIEWED)
    there = process(" ".join(FORMATS), *asked, python=("-c", EACH_FORMAT),
                    env={"PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland", "LC_ALL": "C"})  # fmt: skip
    assert (there.code, there.err) == (0, "")
    for name in FORMATS:
        here = run("export", name, *asked)
        assert (here.code, here.err) == (0, "")
        assert here.stdout
        assert (folder / f"there.{name}").read_bytes() == here.stdout


@pytest.mark.parametrize("name", ["stix", "misp"])
def test_what_is_exported_from_the_seed_rates_the_same_when_it_is_read_again(name: str, folder: Path) -> None:
    told = run("rate", SEED, *OUTLET, "--format", "jsonl")
    assert run("export", name, SEED, *OUTLET, "-o", "out.json").code == 0
    again = run("rate", "out.json", "--format", "jsonl")
    assert (again.code, again.stdout) == (0, told.stdout)
    piped = run("rate", "-", "--input-format", name, "--format", "jsonl", stdin=(folder / "out.json").read_bytes())
    assert piped.stdout == told.stdout
    (folder / f"out.{name}").write_bytes((folder / "out.json").read_bytes())
    assert run("rate", f"out.{name}", "--format", "jsonl").stdout == told.stdout
    assert "nothing to rate in these, which were passed over" in again.err


def test_a_bundle_gives_the_reports_that_went_in(folder: Path) -> None:
    run("export", "stix", ANSWERS, "-o", "out.json")
    back, told = (run("claims", source, "--format", "jsonl").records for source in ("out.json", ANSWERS))
    assert {one["id"]: one for one in back} == {one["id"]: one for one in told}


@pytest.mark.parametrize(("kind", "other"), [("stix", "misp"), ("misp", "stix")])
def test_a_document_of_another_kind_than_was_said_is_refused(kind: str, other: str, folder: Path) -> None:
    run("export", kind, ANSWERS, "-o", "out.json")
    data = (folder / "out.json").read_bytes()
    done = run("rate", "-", "--input-format", other, "--quiet", stdin=data)
    assert_refused(done, 3, "is not a", "STIX bundle" if other == "stix" else "MISP event")


def test_a_review_needs_a_reviewer_before_anything_is_read() -> None:
    assert_refused(run("export", "claimreview", "nowhere.jsonl"), 2, "--reviewed-by NAME")


def test_dates_come_from_the_reports_or_the_option_or_1970(folder: Path) -> None:
    (folder / "r.jsonl").write_text(lines(report(published="2025-03-12")), encoding="utf-8")
    (folder / "undated.jsonl").write_text(lines(report()), encoding="utf-8")

    def date(*asked: str) -> str:
        return str(json.loads(run("export", "misp", *asked).out)["Event"]["date"])

    assert date("r.jsonl") == "2025-03-12"
    assert date("r.jsonl", "--at", "2026-01-02") == "2026-01-02"
    assert date("undated.jsonl") == "1970-01-01"


def test_an_unknown_format_names_the_near_ones() -> None:
    assert_refused(run("export", "stixx", ANSWERS), 2, "export stixx", "did you mean 'stix'")


def test_a_packages_exporter_is_a_format_too(path: Path) -> None:
    broken(path, "odd-pack", "exporters", "odd", "odd_export:run", "def run(ratings): return f'{len(ratings)} rated'")
    assert run("export", "odd", ANSWERS).out == "4 rated"


def test_a_dry_run_reads_and_writes_nothing(folder: Path) -> None:
    done = run("export", "stix", ANSWERS, "-o", "out.json", "--dry-run")
    assert "would write out.json" in done.out
    assert not (folder / "out.json").exists()


def test_an_export_is_not_written_over_its_input(folder: Path) -> None:
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    assert_refused(run("export", "memo", "r.jsonl", "-o", "r.jsonl"), 2, "is an input too")


@pytest.mark.parametrize("name", ["stix", "misp", "prov"])
def test_a_missing_extra_is_named_with_its_install_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    package = {"stix": "stix2", "misp": "pymisp", "prov": "prov.model"}[name]
    monkeypatch.setitem(sys.modules, package, None)
    assert_refused(run("export", name, ANSWERS), 2, "pip install 'source-reliability[export]'")


def test_help_imports_none_of_the_formats_libraries() -> None:
    code = "import sys; from reliability.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print(sorted({'stix2', 'pymisp', 'prov', 'numpy', 'jinja2'} & {*sys.modules}))"
    assert process("export", "--help", python=("-c", code)).out.splitlines()[-1] == "[]"
