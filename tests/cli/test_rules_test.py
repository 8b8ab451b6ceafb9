"""`rules test`: rules' own tests, scenarios, and what no scenario notices."""

import shutil
from pathlib import Path

import pytest

from .command import ROOT, assert_refused, run

SCENARIO = """
id = "one"
rationale = "A ministry, read in one outlet."

[[references]]
title = "Made up"

[[report]]
claim = "bridge"
provenance = [{ source = "A ministry", type = "government", via = "paraphrase" }, { source = "Quay", type = "media" }]

[[expect]]
claim = "bridge"
p = 0.7425
"""


@pytest.fixture
def rules(folder: Path) -> Path:
    place = folder / "rules"
    shutil.copytree(ROOT / "rules", place)
    shutil.rmtree(place / "scenarios")
    (place / "scenarios").mkdir()
    return place


def scenario(rules: Path, text: str) -> None:
    (rules / "scenarios" / "one.toml").write_text(text, encoding="utf-8")


def test_the_shipped_policy_passes_its_tests_and_scenarios() -> None:
    result = run("rules", "test")
    assert result.code == 0
    (line,) = result.out.splitlines()
    passed, expected = line.split("; scenarios: ")
    assert int(passed.split()[0]) > 500
    assert "0 failed" in passed
    met, of, all_ = expected.split()[:3]
    assert (met, of) == (all_, "of")
    assert int(met) >= 30


def test_a_scenario_is_rated_as_its_reports_would_be(rules: Path) -> None:
    """(1 + .5·.97)/2 = .7425."""
    scenario(rules, SCENARIO)
    result = run("rules", "test", rules)
    assert (result.code, result.out.split("; ")[1]) == (0, "scenarios: 1 of 1 as expected\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("p = 0.7425", "p = 0.8", "expected 0.8000 ± 0.005, got 0.7425, likely"),
     ("p = 0.7425", 'p = 0.7425\nicd203 = "very likely"', "very likely, got 0.7425, likely"),
     ('[[expect]]\nclaim = "bridge"', '[[expect]]\nclaim = "tunnel"',
      "tunnel: expected 0.7425 ± 0.005, got no such claim")],
)  # fmt: skip
def test_what_does_not_come_out_is_said(rules: Path, old: str, new: str, said: str) -> None:
    assert old in SCENARIO
    scenario(rules, SCENARIO.replace(old, new))
    result = run("rules", "test", rules)
    assert result.code == 1
    assert f"scenario one: {said}" in result.out or said in result.out
    assert "scenarios: 0 of 1 as expected" in result.out


def test_within_is_how_far_off_may_be(rules: Path) -> None:
    scenario(rules, SCENARIO.replace("p = 0.7425", "p = 0.8\nwithin = 0.06"))
    assert run("rules", "test", rules).code == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [('"government"', '"goverment"', "government"), ("via = ", "vja = ", "vja"),
     ('claim = "bridge"\nprov', "prov", "no claim"), ("[[report]]", "[[reprot]]", "report")],
)  # fmt: skip
def test_a_scenario_that_is_none_is_refused_where_it_stands(rules: Path, old: str, new: str, said: str) -> None:
    scenario(rules, SCENARIO.replace(old, new, 1))
    assert_refused(run("rules", "test", rules), 3, "one.toml", said)


def test_what_no_scenario_notices_is_listed(rules: Path) -> None:
    """The ministry's p is held to .005: a deciban is noticed; nothing speaks of defectors."""
    scenario(rules, SCENARIO)
    for path in (rules / "modifiers").glob("*.toml"):
        if path.name != "access.toml":
            path.unlink()
    for kind in ("blocs", "hedges"):
        for path in (rules / kind).glob("*.toml"):
            if path.name not in ("same-group.toml", "icd203.toml"):
                path.unlink()
    shutil.rmtree(rules / "sources")
    result = run("rules", "test", rules, "--mutate")
    assert result.code == 0
    unnoticed = [line for line in result.out.splitlines() if line.startswith("unnoticed: ")]
    assert not [line for line in unnoticed if line.startswith("unnoticed: source-types government: p ")]
    assert len([line for line in unnoticed if line.startswith("unnoticed: source-types defector-testimony: p ")]) == 2
    assert any(line.endswith(": dropped") for line in unnoticed)
    noticed, of, tried = result.out.splitlines()[-2].split()[:3]
    assert (int(tried.replace(",", "")) - int(noticed), of) == (len(unnoticed), "of")
    assert int(noticed) >= 2


def test_blocs_with_members_are_dropped_too(rules: Path) -> None:
    """Their members hang where they hung; the one scenario has none of them."""
    scenario(rules, SCENARIO)
    for kind in ("modifiers", "hedges"):
        for path in (rules / kind).glob("*.toml"):
            path.unlink()
    result = run("rules", "test", rules, "--mutate")
    assert result.code == 0
    for bloc in ("south-korea", "nato", "five-eyes"):
        assert f"unnoticed: blocs {bloc}: dropped" in result.out.splitlines()
