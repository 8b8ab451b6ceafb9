"""Analytic confidence: support, robustness, basis, the worst of which wins; gates; flags; counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from strategies import bloc, gate, link, numbered, rated, report, shipped, small_policy, source_type

from reliability.model.report import Report
from reliability.reasoning.rationale import Context, ratings_of
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry


def quiet(policy: Policy) -> Policy:
    return replace(policy, gates=())


def confidence(reports: list[Report] | tuple[Report, ...], policy: Policy) -> dict[str, Any]:
    (record,) = rated(reports, policy)
    return dict(record["rating"]["analytic_confidence"])


def voices(*accuracies: float, outlets: int = 3, grade: str = "B") -> tuple[list[Report], Policy]:
    """Origins of these accuracies (negative: they deny), each through one of so many outlets."""
    kinds = [source_type(f"k{i}", abs(p), grade=grade) for i, p in enumerate(accuracies)]
    reports = [report(link(f"V{i}", f"k{i}"), link(f"O{i % outlets}", "agency"), key=f"r{i}",
                      stance="asserts" if p > 0 else "denies") for i, p in enumerate(accuracies)]  # fmt: skip
    return reports, quiet(small_policy(extra_types=kinds))


@pytest.mark.parametrize(
    ("accuracies", "outlets", "level"),
    [
        ((0.5,), 3, "low"), ((0.9,), 3, "low"), ((0.9, 0.9), 3, "moderate"), ((0.9, 0.9, 0.9), 3, "high"),
        ((0.9, 0.9, 0.9), 2, "high"), ((0.9, 0.9, 0.9), 1, "moderate"),
        ((0.9, 0.9, 0.54), 3, "moderate"),  # a bar under 1 dB is no support
        ((0.9, 0.9, 0.5), 3, "moderate"),
        ((0.9, 0.9, -0.6), 3, "moderate"),  # neither is one against
        ((-0.9, -0.9, 0.6), 3, "moderate"),  # support is towards the rating, be it false
    ],
)  # fmt: skip
def test_support_counts_the_voices_of_a_deciban_and_more(
    accuracies: tuple[float, ...], outlets: int, level: str
) -> None:
    assert confidence(*voices(*accuracies, outlets=outlets))["support"] == level


def test_a_bloc_and_a_crowd_are_one_voice_each() -> None:
    entries = [SourceEntry(name=f"M{i}", bloc="b") for i in range(5)]
    policy = quiet(small_policy({"crowd": 0.9}, blocs=[bloc("b", 0.9)], entries=entries))
    members = [report(link(f"M{i}", "official"), link(f"O{i}", "agency")) for i in range(5)]
    crowd = [report(link(f"@{i}", "crowd"), link(f"O{i}", "agency")) for i in range(5)]
    assert confidence(numbered(members), policy)["support"] == "low"
    assert confidence(numbered(crowd), policy)["support"] == "low"
    assert confidence(numbered([*members, *crowd]), policy)["support"] == "moderate"


@pytest.mark.parametrize(
    ("accuracies", "level"),
    [
        ((0.97,), "low"),  # .97 without him .5: almost certain to even
        ((0.6,), "moderate"),  # likely to roughly even
        ((0.97, 0.97, 0.97), "high"),  # three: still almost certain without one
        ((0.85, 0.85), "moderate"),  # .96 without one .84
    ],
)
def test_robustness_is_how_far_the_word_moves_without_one(accuracies: tuple[float, ...], level: str) -> None:
    assert confidence(*voices(*accuracies))["robustness"] == level


@pytest.mark.parametrize(
    ("grades", "level"), [("B", "high"), ("D", "low"), ("C", "low"), ("BBD", "high"), ("BD", "moderate"),
                          ("BDD", "moderate"), ("BDDD", "low")],
)  # fmt: skip
def test_basis_is_the_share_of_measured_weight(grades: str, level: str) -> None:
    """Equal accuracies: the shares are counts. ⅔ is high, ⅓ moderate."""
    kinds = [source_type(f"k{i}", 0.8, grade=grade) for i, grade in enumerate(grades)]
    reports = numbered(report(link(f"V{i}", f"k{i}")) for i in range(len(grades)))
    (record,) = rated(reports, quiet(small_policy(extra_types=kinds)))
    share = grades.count("D") / len(grades)
    assert record["rating"]["elicited_share"] == round(share, 4)
    if share not in (1 / 3, 2 / 3):  # the shipped edges are rounded
        assert record["rating"]["analytic_confidence"]["basis"] == level


@pytest.mark.parametrize("accuracies", [(0.9,), (0.9, 0.9), (0.97, 0.97, 0.97), (0.85, 0.85, 0.85)])
def test_the_worst_reading_wins(accuracies: tuple[float, ...]) -> None:
    order = ["low", "moderate", "high"]
    found = confidence(*voices(*accuracies))
    assert found["level"] == min((found[name] for name in ("support", "robustness", "basis")), key=order.index)
    assert len(found["reasons"]) >= 3


def test_gates_hold_confidence_down_and_raise_flags_but_never_lift_it() -> None:
    reports, policy = voices(0.97, 0.97, 0.97)
    gates = (gate("g1", {"support": {"at_least": 3}}, confidence_at_most="moderate", flag="seen"),
             gate("g2", {"support": {"at_least": 4}}, confidence_at_most="low", flag="unseen"))  # fmt: skip
    (before,), (after,) = rated(reports, policy), rated(reports, replace(policy, gates=gates))
    assert before["rating"]["analytic_confidence"]["level"] == "high"
    assert after["rating"]["analytic_confidence"]["level"] == "moderate"
    assert "seen" in after["flags"]
    assert "unseen" not in after["flags"]
    low, lifted = voices(0.9)[0], gate("g", {"support": {"at_least": 0}}, confidence_at_most="high")
    assert confidence(low, replace(voices(0.9)[1], gates=(lifted,)))["level"] == "low"


def flags(*reports: Report, policy: Policy | None = None, newest: int | None = None) -> set[str]:
    chosen = quiet(shipped()) if policy is None else policy
    (rating,) = ratings_of(numbered(reports), Context(chosen, "test", {}, newest=newest))
    return set(rating.flags)


NIS, RYU = link("NIS", "intelligence-agency"), link("Ryu", "defector-testimony")
ABC, BBC = link("ABC News", "media"), link("BBC", "media")


def test_flags_of_one_source_and_one_outlet() -> None:
    assert {"single-source", "single-outlet"} <= flags(report(NIS, ABC))
    assert flags(report(NIS, ABC), report(NIS, BBC)) & {"single-source", "single-outlet"} == {"single-source"}
    assert flags(report(NIS, ABC), report(RYU, ABC)) & {"single-source", "single-outlet"} == {"single-outlet"}
    assert not flags(report(NIS, ABC), report(RYU, BBC)) & {"single-source", "single-outlet"}


def test_flag_contested() -> None:
    assert "contested" in flags(report(NIS, ABC), report(RYU, BBC, stance="denies"))
    assert "contested" not in flags(report(NIS, ABC), report(RYU, BBC))
    assert "contested" not in flags(report(NIS, ABC), report(link("Who", "unknown"), BBC, stance="denies"))


def test_flag_hearsay_only() -> None:
    second_hand = link("Kim", "private-person", first_hand=False)
    assert "hearsay-only" in flags(report(second_hand, ABC))
    assert "hearsay-only" not in flags(report(link("Kim", "private-person", first_hand=True), ABC))
    assert "hearsay-only" not in flags(report(link("Kim", "private-person"), ABC))
    assert "hearsay-only" not in flags(report(second_hand, ABC), report(NIS, ABC))


def test_flags_of_weak_and_unknown_sources() -> None:
    assert "worse-than-chance" in flags(report(link("KCNA", "state-media")))
    assert "worse-than-chance" not in flags(report(NIS, ABC))
    assert "unknown-outlet" in flags(report(NIS, link("Who", "unknown")))
    assert "unknown-outlet" not in flags(report(NIS, ABC))
    assert "unknown-hedge" in flags(report(link("He", "expert", said="in a manner of speaking"), ABC))
    assert "unknown-hedge" not in flags(report(link("He", "expert", said="likely"), ABC))


def test_flag_stale_is_relative_to_the_newest_report() -> None:
    day = 86_400_000_000
    old = report(NIS, ABC, published="2020-01-01")
    (plain,) = ratings_of([old], Context(shipped(), "test", {}))
    assert "stale" not in plain.flags
    ends = (737_425 * day) - 1  # 2020-01-01 is day 737,425 of the calendar, counted from 1
    assert "stale" not in flags(old, newest=ends + 365 * day)
    assert "stale" in flags(old, newest=ends + 366 * day)


def test_flag_beyond_scale() -> None:
    policy = quiet(small_policy({"official": 1.0, "agency": 1.0}, common_error=1.0))
    assert "beyond-scale" in flags(report(link("He", "official")), policy=policy)
    assert "beyond-scale" not in flags(report(NIS, ABC))


def test_counts() -> None:
    entries = [SourceEntry(name="M0", bloc="inner"), SourceEntry(name="M1", bloc="outer")]
    policy = small_policy(blocs=[bloc("outer", 0.9), bloc("inner", 0.8, inside="outer")], entries=entries)
    reports = numbered([
        report(link("M0", "official"), link("A", "agency")), report(link("M1", "official"), link("A", "agency")),
        report(link("X", "official"), link("M", "agency"), link("B", "agency")),
        report(link("X", "official"), link("B", "agency"), article="again"),
        report(link("X", "official"), link("B", "agency"), article="and again"),
    ])  # fmt: skip
    (record,) = rated(reports, policy)
    assert record["counts"] == {"reports": 5, "outlets": 2, "origins": 3, "independent": 2, "blocs": 2}
    assert [chain["standing"] for chain in record["chains"]] == ["counts", "counts", "counts", "repeat", "counts"]
