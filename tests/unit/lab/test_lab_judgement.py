"""Judgement numbers: all are listed, and what depends on each is worked out by hand."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from lab_sets import ROOT, policy

from reliability import Policy, api
from reliability.lab.judgement import by_dependence, judgement_numbers
from reliability.lab.moved import meaning, moved
from reliability.lab.rerating import Rerating
from reliability.model.report import Report

SHIPPED = Policy.load(ROOT / "rules")


def ministry(claim: str, **more: Any) -> Report:
    chain = [{"source": "A ministry", "type": "government", "via": "paraphrase"}, {"source": "Quay", "type": "media"}]
    return Report.model_validate({"id": claim, "claim": claim, "provenance": chain, **more})


def dependence_on(*reports: Report) -> dict[str, Any]:
    outcome = api.rate_reports(reports, SHIPPED)
    return {f"{one.rule.folder}/{one.rule.id}/{one.key}": one.dependence
            for one in by_dependence(SHIPPED, Rerating.of(outcome))}  # fmt: skip


def test_every_elicited_number_of_the_rule_files_is_listed() -> None:
    n = 0
    for path in (ROOT / "rules").rglob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for rule in table.get("rule", [table]):
            effect = rule.get("effect", {})
            assert isinstance(effect, dict), "a dated effect: this count needs its newest"
            if effect and (effect.get("basis", "elicited") == "elicited" or effect.get("grade", "D") == "D"):
                n += sum(
                    isinstance(v, int | float) and not isinstance(v, bool) and k != "p0" for k, v in effect.items()
                )
                n += path.parent.name == "checks" and "euros" not in effect
    assert len(judgement_numbers(SHIPPED)) == n
    assert n > 400


def test_a_ministrys_record_moved_by_a_deciban_moves_its_rating_as_worked_by_hand() -> None:
    """p .75, odds 3: up 3.7768 (p .79065, φ .58131), down 2.3830 (p .70440, φ .40881). Through the outlet's .97 the
    ratings are .78194 and .69827 where they were .74250: 10·log10 of their odds are 5.5458, 3.6441 and 4.5992."""
    found = dependence_on(ministry("bridge"))["source-types/government/p"]
    assert (found.n_claims, found.n_moved, found.most_moved) == (1, 1, "bridge")
    assert found.max_p == pytest.approx(0.04423, abs=2e-5)
    assert found.mean_p == pytest.approx((0.03944 + 0.04423) / 2, abs=2e-5)
    assert found.max_db == pytest.approx(0.9551, abs=2e-4)
    assert found.mean_db == pytest.approx((0.9466 + 0.9551) / 2, abs=2e-4)


def test_what_moves_one_of_four_claims_moves_a_quarter_as_much_on_average() -> None:
    others = [ministry(name, provenance=[{"source": "X", "type": "expert"}]) for name in ("a", "b", "c")]
    alone, among = (dependence_on(*reports)["source-types/government/p"]
                    for reports in ((ministry("z"),), (ministry("z"), *others)))  # fmt: skip
    assert among.mean_p == pytest.approx(alone.mean_p / 4)
    assert (among.max_p, among.n_moved, among.most_moved) == (alone.max_p, 1, "z")


def test_the_greatest_mean_comes_first_and_nothing_depends_on_what_stands_nowhere() -> None:
    found = by_dependence(SHIPPED, Rerating.of(api.rate_reports([ministry("bridge")], SHIPPED)))
    told = [one.dependence for one in found]
    means = [one.mean_p for one in told if one is not None]
    assert len(means) == len(judgement_numbers(SHIPPED))
    assert means == sorted(means, reverse=True)
    assert found[0].rule.id == "government"
    assert [one.dependence.mean_p for one in found if one.dependence and one.rule.id == "company"] == [0.0, 0.0, 0.0]
    nothing = by_dependence(SHIPPED, Rerating(()))[0].dependence
    assert nothing is not None
    assert (nothing.n_claims, nothing.most_moved) == (0, None)


@pytest.mark.parametrize(
    ("folder", "rule", "key", "up", "down"),
    [("modifiers", "defector.left-before-event", "shift_db", -1.0, -3.0),
     ("source-types", "government", "p", 3.77678 / 4.77678, 2.38298 / 3.38298),
     ("blocs", "nato", "ceiling", None, None),
     ("biases", "figures.third-party", "low", 0.5 * 1.258925, 0.5 / 1.258925),
     ("constants", "stale-days", "value", 1.258925, 1 / 1.258925),
     ("constants", "said-so-prior", "value", None, None)],
)  # fmt: skip
def test_a_deciban_is_what_it_is_for_that_kind_of_number(
    folder: str, rule: str, key: str, up: float | None, down: float | None
) -> None:
    one: Any = next(other for other in policy().rules() if (other.folder, other.id) == (folder, rule))
    value = getattr(one.effect[0], key)
    found = moved(meaning(one, key), value)
    if rule == "stale-days":
        up, down = value * (up or 0), value * (down or 0)
    if up is None:  # a chance's odds, a fidelity's (1 + φ)/(1 − φ), go by 10^(1/10)
        base = (1 + value) / (1 - value) if folder == "blocs" else value / (1 - value)
        ends = [(1 + v) / (1 - v) if folder == "blocs" else v / (1 - v) for v in found.values()]
        assert ends == pytest.approx([base * 1.2589254, base / 1.2589254])
    else:
        assert list(found.values()) == pytest.approx([up, down], rel=1e-5)


def test_what_is_certain_has_no_odds_to_move() -> None:
    assert moved("chance", 1.0) == moved("fidelity", 0.0) == {}
    assert moved("fidelity", 0.01)["−"] == 0.0
