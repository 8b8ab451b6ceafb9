"""Where reports describe one link differently: the latest that says something wins, and unknown overrides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import link, modifier, numbered, only, p_true, rated, report, shipped, small_policy

from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry


def policy_with(*entries: SourceEntry) -> Policy:
    return small_policy({"official": 0.85, "witness": 0.6}, entries=entries,
                        modifiers=[modifier("vetted", {"vetted": True}, shift_db=2.0)])  # fmt: skip


POLICY = policy_with()


def through(outlet: str, published: str | None, kind: str | None = "official", via: str | None = None,
            **facts: Any) -> Report:  # fmt: skip
    return report(link("He", kind, via, **facts), link(outlet, "agency"), published=published)


def phi(reports: list[Report] | tuple[Report, ...], policy: Policy = POLICY) -> float:
    return float(only(reports, policy).links.fidelity[0])


@pytest.mark.parametrize(
    ("first", "second", "third", "expected"),
    [(True, False, None, False), (False, True, None, True), (True, None, None, True), (None, True, False, False)],
)
def test_of_a_fact_the_latest_known_value_holds(first: Any, second: Any, third: Any, expected: bool) -> None:
    rows = [through(f"O{i}", f"202{i}", vetted=value) for i, value in enumerate((first, second, third))]
    base = phi([through("O", None)])
    assert (phi(numbered(rows)) > base + 0.01) == expected
    assert (phi(numbered(rows[::-1])) > base + 0.01) == expected  # by date, not by id or order


def test_of_a_type_the_latest_given_holds() -> None:
    rows = [through("A", "2024", "official"), through("B", "2025", "witness"), through("C", "2026", None)]
    assert phi(numbered(rows)) == pytest.approx(0.2, abs=1e-12)
    assert phi(numbered(rows[:1])) == pytest.approx(0.7, abs=1e-12)


def test_undated_reports_come_first_and_ties_go_to_the_greatest_id() -> None:
    assert phi(numbered([through("A", "2024", "official"), through("B", None, "witness")])) == pytest.approx(0.7)
    assert phi(numbered([through("A", None, "official"), through("B", None, "witness")])) == pytest.approx(0.2)


def test_of_a_way_of_passing_on_the_latest_given_holds_for_the_relay() -> None:
    rows = numbered([through("A", "2024", via="direct-quote"), through("A", "2025", via="translation"),
                     through("A", "2026")])  # fmt: skip
    assert p_true(rows, POLICY) == pytest.approx((1 + 0.7 * 0.95) / 2, abs=1e-12)


def test_what_a_superseded_report_says_of_a_link_no_longer_describes_it() -> None:
    rows = numbered([through("A", "2025", "witness").model_copy(update={"stance": "denies"}),
                     through("B", "2026", None)])  # fmt: skip
    known = policy_with(SourceEntry(name="He", type="official"))
    assert phi(rows, known) == pytest.approx(0.7, abs=1e-12)


@pytest.mark.parametrize(
    ("one", "other", "flagged"),
    [
        ({"kind": "official"}, {"kind": "witness"}, True), ({"vetted": True}, {"vetted": False}, True),
        ({"via": "translation"}, {"via": "document"}, True), ({"kind": "official"}, {"kind": None}, False),
        ({"vetted": True}, {"vetted": None}, False), ({"vetted": True}, {}, False), ({}, {}, False),
    ],
)  # fmt: skip
def test_links_described_differently_are_flagged(one: dict[str, Any], other: dict[str, Any], flagged: bool) -> None:
    (record,) = rated(numbered([through("A", "2024", **one), through("A", "2025", **other)]), POLICY)
    assert ("inconsistent-link" in record["flags"]) == flagged


def test_hedges_are_not_merged_and_not_inconsistent() -> None:
    rows = [report(link("He", "official", said=word), link("A", "agency")) for word in ("likely", None)]
    (record,) = rated(numbered(rows), POLICY)
    assert "inconsistent-link" not in record["flags"]
    assert [node["kind"] for node in record["tree"]].count("hedge") == 1
    assert [node["kind"] for node in record["tree"]].count("outlet") == 2


def test_the_sources_file_gives_what_no_report_does() -> None:
    known = policy_with(SourceEntry(name="He", type="official", facts={"vetted": True}))
    assert phi([through("A", None, None)], known) == pytest.approx(phi([through("A", None, vetted=True)]), abs=1e-12)
    assert phi([through("A", None, None, vetted=False)], known) == pytest.approx(0.7, abs=1e-12)


def test_links_of_another_claim_are_described_apart() -> None:
    mine, other = through("A", "2024", vetted=None), through("A", "2025", vetted=True)
    scored = only(numbered([mine, other.model_copy(update={"claim": "d"})]), POLICY)
    assert scored.links.fidelity.tolist() == pytest.approx([0.7, phi([other])], abs=1e-12)


def test_who_left_before_the_event_is_told_from_the_dates() -> None:
    def ryu(departed: str, event: str | None) -> list[Report]:
        return [report(link("Ryu", "defector-testimony", "direct-quote", departed=departed), link("ABC", "media"),
                       event=event)]  # fmt: skip

    assert rated(ryu("2019", "2025-01"), shipped())[0]["rating"]["p"] == 0.5946
    assert rated(ryu("2019", "2018"), shipped())[0]["rating"]["p"] == 0.698
    for unclear in (ryu("2019", "2019-05"), ryu("2019", None)):
        (record,) = rated(unclear, shipped())
        assert record["rating"]["p"] == 0.698
        missing = {one["missing"] for one in record["links"][0]["undecided"]}
        assert "departed_before_event" in missing


@given(st.lists(st.tuples(st.sampled_from([None, "2023", "2024", "2025"]), st.sampled_from([None, True, False]),
                          st.sampled_from([None, "official", "witness"])), min_size=1, max_size=6))  # fmt: skip
def test_merging_is_the_same_as_a_loop(rows: list[tuple[str | None, bool | None, str | None]]) -> None:
    reports = numbered(through(f"O{i}", date, kind, vetted=vetted) for i, (date, vetted, kind) in enumerate(rows))
    in_order = sorted(range(len(rows)), key=lambda i: (rows[i][0] or "", i))
    kind = next((rows[i][2] for i in reversed(in_order) if rows[i][2]), "unknown")
    vetted = next((rows[i][1] for i in reversed(in_order) if rows[i][1] is not None), None)
    expected = phi([through("O", None, kind, vetted=vetted)])
    assert phi(reports) == pytest.approx(expected, abs=1e-12)


def test_of_two_rules_that_set_a_number_the_one_that_overrides_wins() -> None:
    general = modifier("general", {"party": True}, guess=0.6)
    special = modifier("special", {"interest": "for"}, guess=0.9).model_copy(update={"overrides": ("general",)})
    policy = replace(POLICY, modifiers=(general, special))
    both = only([report(link("He", "official", party=True, interest="for"))], policy)
    one = only([report(link("He", "official", party=True))], policy)
    assert both.parameters.channels.guess[0, 1] == pytest.approx(0.9)
    assert one.parameters.channels.guess[0, 1] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("shifts", "weight"),
    [([2.0], 9.53), ([2.0, -5.0], 4.53), ([-20.0], 0.0), ([-20.0, 15.0], 2.53), ([20.0], 12.0), ([20.0, -15.0], 12.0)],
)
def test_shifts_add_first_and_are_clamped_once(shifts: list[float], weight: float) -> None:
    """Base 7.53 dB (φ = .7), cap 12: order can't matter, and the clamp is a row of its own."""
    rules = [modifier(f"s{i}", {"known": True}, shift_db=db) for i, db in enumerate(shifts)]
    kind = POLICY.types["official"].model_copy(
        update={"effect": (POLICY.types["official"].effect[0].model_copy(update={"cap_db": 12.0}),)}
    )
    policy = replace(POLICY, modifiers=tuple(rules), types={**POLICY.types, "official": kind})
    (record,) = rated([report(link("He", "official", known=True))], policy)
    (account,) = record["links"]
    assert account["weight_db"] == pytest.approx(weight, abs=0.01)
    assert account["base_db"] + sum(shifts) + account["clamp_db"] == pytest.approx(account["weight_db"], abs=0.011)
