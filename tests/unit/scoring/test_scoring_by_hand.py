"""DESIGN.md's figures, each worked out by hand there, from the shipped rules."""

from __future__ import annotations

import math

import pytest
from strategies import link, modifier, p_true, rated, report, shipped, small_policy

from reliability.model.report import Report

ABC = link("ABC News", "media")


def nis(stance: str = "asserts") -> Report:
    return report(link("National Intelligence Service", "intelligence-agency"), ABC, key="nis", stance=stance)


def ryu(**facts: bool) -> Report:
    return report(link("Ryu Seong-hyeon", "defector-testimony", "direct-quote", **facts), ABC, key="ryu")


@pytest.mark.parametrize(
    ("reports", "p"),
    [
        ([nis()], 0.8395),  # (1 + .70 · .97)/2 = .8395
        ([ryu()], 0.6980),  # (1 + .40 · .99)/2
        ([ryu(departed_before_event=True)], 0.5946),  # 3.68 − 2 dB is φ = .191; (1 + .191 · .99)/2
        ([nis(), ryu()], 0.9199),  # (.6929 + .4041)/(1 + .28) = .8570 under the common error; (1 + .98 · .8570)/2
        ([nis(), ryu(departed_before_event=True)], 0.8829),
        ([nis("denies")], 0.1605),  # the other sign
    ],
)
def test_the_seeds_ratings(reports: list[Report], p: float) -> None:
    (record,) = rated(reports, shipped())
    assert record["rating"]["p"] == p


def test_interfaces_example_record() -> None:
    """The numbers of the rating record in INTERFACE.md, but for its words and interval."""
    (record,) = rated([nis()], shipped())
    assert record["rating"]["weight_db"] == 7.19
    assert record["said_so"] == [{"origin": "National Intelligence Service", "stance": "asserts", "p": 0.9708}]
    prior, bar, together = record["waterfall"]
    assert (prior["db"], prior["p_after"]) == (0.0, 0.5)
    assert (bar["db"], bar["p_after"]) == (7.41, 0.8464)
    assert (together["db"], together["p_after"]) == (-0.22, 0.8395)
    assert record["rating"]["icd203"] == "very likely"
    assert record["rating"]["phia"] == "highly likely"


def test_who_was_quoted_by_one_paraphrase_said_so_with_9708() -> None:
    """Guess and prior are one: (.97 + .03 · .025) = .97075, half to even .9708; two outlets: more."""
    two = [nis(), report(link("National Intelligence Service", "intelligence-agency"), link("BBC", "media"), key="b")]
    (once,), (twice,) = rated([nis()], shipped()), rated(two, shipped())
    assert once["said_so"][0]["p"] == 0.9708
    # two relays: odds .025/.975 · (1 + .97/(.03 · .025))² for "asserted" against the rest
    factor = 1 + 0.97 / (0.03 * 0.025)
    assert twice["said_so"][0]["p"] == round(0.025 * factor**2 / (0.025 * factor**2 + 0.975), 4)


@pytest.mark.parametrize(
    ("chance", "stance", "db"),
    [
        (0.9, "asserts", 5.6),  # a boast: 10·log10((.7 + .3 · .9)/(.3 · .9)) = 5.55
        (0.1, "asserts", 13.9),  # an admission: 10·log10((.7 + .3 · .1)/(.3 · .1)) = 13.86
        (0.9, "denies", -5.6),  # the denial of what one would deny anyway
        (0.1, "denies", -13.9),  # the denial of one's boast: nobody guesses that
    ],
)
def test_interest_acts_on_the_guess(chance: float, stance: str, db: float) -> None:
    policy = small_policy({"official": 0.85}, common_error=1.0, modifiers=[modifier("m", {"mine": True}, guess=chance)])
    p = p_true([report(link("The ministry", "official", mine=True), stance=stance)], policy)
    assert 10 * math.log10(p / (1 - p)) == pytest.approx(db, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "phi"), [("intelligence-agency", 0.70), ("defector-testimony", 0.40), ("government", 0.50)]
)
def test_the_shipped_types_have_the_designs_fidelities(kind: str, phi: float) -> None:
    """A source that we hear ourselves: p = (1 + φ)/2."""
    assert p_true([report(link("Someone", kind))], shipped()) == pytest.approx((1 + phi) / 2, abs=1e-12)


def test_a_hundred_of_a_crowd_make_no_certainty() -> None:
    """Unnamed accounts of φ = .05: two links of √(.05 · .98), so that all of them together stay under .611."""
    policy = small_policy({"crowd": 0.525})
    crowd = [report(link(f"account {i}", "crowd"), key=f"r{i}") for i in range(100)]
    assert p_true(crowd[:1], policy) == pytest.approx(0.525, abs=1e-12)
    assert 0.60 < p_true(crowd, policy) <= (1 + math.sqrt(0.05 * 0.98)) / 2 + 1e-12
