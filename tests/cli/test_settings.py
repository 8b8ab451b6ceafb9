"""Options from pyproject.toml, reliability.toml, RELIABILITY_* and the command line: the later wins."""

import json
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .command import FIXTURES, assert_refused, lines, report, run

CIRCULAR = FIXTURES / "circular-reporting" / "reports.jsonl"


def form(text: str) -> str:
    """Which format an output is in."""
    heads = {"[": "json", '{"': "jsonl", "claim_id": "csv", "| claim": "markdown"}
    return next(name for head, name in heads.items() if text.startswith(head))


def test_the_later_place_wins_and_doctor_says_which(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> tuple[str, str]:
        (record,) = json.loads(run("doctor", "--format", "json").out)
        return form(run("rate", CIRCULAR).out), record["settings"]["format"]["origin"]

    assert form(run("rate", CIRCULAR).out) == "jsonl"
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[tool.reliability]\nformat = "csv"\n', encoding="utf-8"
    )
    assert shown() == ("csv", "pyproject.toml [tool.reliability]")
    (folder / "reliability.toml").write_text('format = "json"\n', encoding="utf-8")
    assert shown() == ("json", "reliability.toml")
    monkeypatch.setenv("RELIABILITY_FORMAT", "markdown")
    assert shown() == ("markdown", "RELIABILITY_FORMAT")
    assert form(run("rate", CIRCULAR, "--format", "jsonl").out) == "jsonl"


def test_doctor_looks_for_every_package_of_an_extra() -> None:
    declared = tomllib.loads((FIXTURES.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (record,) = json.loads(run("doctor", "--format", "json").out)
    for extra, found in record["extras"].items():
        needed = [Requirement(one) for one in declared["optional-dependencies"][extra]]
        others = [one for one in needed if one.name != declared["name"]]
        wanted = {one.name for one in others if one.marker is None or one.marker.evaluate()}
        assert set(found["packages"]) == wanted, extra


def test_options_of_every_kind_can_be_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "reliability.toml").write_text("fail-under = 0.9\nbrief = true\n", encoding="utf-8")
    result = run("rate", CIRCULAR)
    assert result.code == 1
    assert "tree" not in result.records[0]
    assert run("rate", CIRCULAR, "--fail-under", 0.1).code == 0
    (folder / "r.jsonl").write_text(lines(report(), {"claim": "c"}), encoding="utf-8")
    monkeypatch.setenv("RELIABILITY_STRICT", "1")
    monkeypatch.setenv("RELIABILITY_QUIET", "true")
    assert_refused(run("rate", "r.jsonl"), 3, "r.jsonl:2")
    monkeypatch.setenv("RELIABILITY_STRICT", "0")
    monkeypatch.setenv("RELIABILITY_FAIL_UNDER", "0.2")
    assert (run("rate", "r.jsonl").code, run("rate", "r.jsonl").err) == (0, "")
    monkeypatch.setenv("RELIABILITY_OUTPUT", "out.csv")
    assert run("rate", CIRCULAR).stdout == b""
    assert (folder / "out.csv").read_text(encoding="utf-8").startswith("claim_id,")


def test_sources_can_be_set(folder: Path) -> None:
    state = FIXTURES / "state-media"
    (folder / "reliability.toml").write_text(f"sources = {json.dumps(str(state / 'sources.toml'))}\n", encoding="utf-8")
    rated = {one["claim"]["id"]: one["rating"]["p"] for one in run("rate", state / "reports.jsonl").records}
    assert rated["town-own-ministry"] == 0.7304


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("reliability.toml", "formt = 'csv'\n", ["formt", "format"]),
        ("reliability.toml", "format = \n", ["reliability.toml", "TOML"]),
        ("pyproject.toml", "[tool.reliability]\nfail_undr = 1\n", ["pyproject.toml", "fail_undr", "fail_under"]),
    ],
)
def test_a_setting_that_is_none_is_a_usage_error(folder: Path, name: str, text: str, parts: list[str]) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert_refused(run("rate", CIRCULAR), 2, *parts)


@pytest.mark.parametrize(
    "text", ["format = 'xml'\n", "max_chars = 'many'\n", "fail_under = 7\n", "strict = 'perhaps'\n"]
)
def test_a_value_that_an_option_cant_have_is_a_usage_error(folder: Path, text: str) -> None:
    (folder / "reliability.toml").write_text(text, encoding="utf-8")
    result = run("rate", CIRCULAR)
    assert (result.code, result.stdout) == (2, b"")
    assert "Traceback" not in result.err


def test_the_environments_unknown_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIABILITY_FORMATS", "csv")
    assert_refused(run("rate", CIRCULAR), 2, "RELIABILITY_FORMATS", "format")
