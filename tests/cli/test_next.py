"""`reliability next`: what it prints is what the record holds, sorted as asked."""

import json
from pathlib import Path

import pytest

from .command import FIXTURES, assert_refused, lines, report, run

WITNESS = FIXTURES / "witness-questions" / "reports.jsonl"
CIRCULAR = FIXTURES / "circular-reporting" / "reports.jsonl"


def checks(path: Path, claim: str) -> list[dict[str, object]]:
    return next(one["next_checks"] for one in run("rate", path).records if one["claim"]["id"] == claim)


@pytest.mark.parametrize(("path", "claim"), [(WITNESS, "shots-unknown"), (CIRCULAR, "bridge-by-ten")])
def test_json_holds_the_records_checks(path: Path, claim: str) -> None:
    kept = checks(path, claim)
    assert len(kept) > 5
    for form in ("json", "jsonl"):
        result = run("next", claim, path, "--format", form)
        found = json.loads(result.out) if form == "json" else result.records
        assert found == kept
    assert [(-one["bits"], one["check"]) for one in kept] == sorted((-one["bits"], one["check"]) for one in kept)
    for one in kept:
        assert list(one) == ["check", "bits", "changes_word", "hours", "euros", "bits_per_hour", "bits_per_euro"]


def test_the_text_shows_the_same_figures() -> None:
    kept = checks(WITNESS, "shots-unknown")
    out = run("next", "shots-unknown", WITNESS, "--most", "1000").out.splitlines()
    assert out[0].startswith("shots-unknown: ")
    assert len(out) == len(kept) + 1
    for one, line in zip(kept, out[1:], strict=True):
        assert line.startswith(f"  {one['bits']:.4f} bits  {one['check']} (")
        assert ("could change the word" in line) == one["changes_word"]
        assert f"{one['hours']:g} h" in line
        assert line.endswith(f"{one['bits_per_hour']:.4f} bits/h)")


def test_most_cuts_the_text_and_says_so() -> None:
    kept = checks(WITNESS, "shots-unknown")
    out = run("next", "shots-unknown", WITNESS, "--most", "3").out.splitlines()
    assert len(out) == 5
    assert out[-1] == f"  … and {len(kept) - 3} more (--most)"
    assert run("next", "shots-unknown", WITNESS, "--most", "0").code == 2


def test_per_hour_sorts_by_what_an_hour_tells() -> None:
    found = run("next", "shots-unknown", WITNESS, "--per-hour", "--format", "jsonl").records
    rates = [one["bits_per_hour"] for one in found]
    assert rates == sorted(rates, reverse=True)
    assert sorted(one["check"] for one in found) == sorted(one["check"] for one in checks(WITNESS, "shots-unknown"))


def test_costs_come_from_the_rules() -> None:
    """A witness takes 16 hours, an archive 12, confirming 2, settling 1."""
    by_check = {one["check"]: one for one in checks(CIRCULAR, "bridge-by-ten")}
    by_check |= {one["check"]: one for one in checks(WITNESS, "shots-unknown")}
    hours = {"an independent origin of type eyewitness": 16, "an independent origin of type court-record": 12,
             "an independent origin of type wire-agency": 1}  # fmt: skip
    for check, most in hours.items():
        assert by_check[check]["hours"] == most
    kinds = {"confirm with": 2, "settle for": 1}
    for start, most in kinds.items():
        assert {one["hours"] for check, one in by_check.items() if check.startswith(start)} <= {most}
    assert any(check.startswith("settle for") for check in by_check)


def test_a_figure_and_each_answer_of_a_question_have_checks() -> None:
    figure = report(quantity={"value": 3, "unit": "killed"})
    Path("r.jsonl").write_text(lines(figure), encoding="utf-8")
    assert "bits  an independent origin of type official-document" in run("next", "bridge", "r.jsonl").out
    answer = {**{k: v for k, v in report().items() if k != "claim"}, "question": "why", "alternative": "rust"}
    Path("q.jsonl").write_text(lines(answer), encoding="utf-8")
    assert "bits  an independent origin of type official-document" in run("next", "why=none of these", "q.jsonl").out


def test_an_unknown_claim_is_a_usage_error() -> None:
    assert_refused(run("next", "nothing", WITNESS), 2, "no such claim", "shots-")
