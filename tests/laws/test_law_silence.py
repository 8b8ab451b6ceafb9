"""Who would have said so and did not: silence as evidence, by rule, by hand and by enumeration."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Case, bloc, cases, link, numbered, only, p_of, p_true, rated, report, shipped, small_policy

from reliability.model.report import Report
from reliability.rules.directory import Directory
from reliability.rules.policy import Policy
from reliability.rules.schema import Silence, SourceEntry

pytestmark = pytest.mark.usefixtures("few_draws")
C = 0.98
COVERAGES = (0.0, 0.2, 0.5, 0.9, 0.999)


def listening(policy: Policy, coverage: float) -> Policy:
    """Agencies would have said so with that chance; the sources file knows two of them."""
    rule = Silence(
        id="would-say", rationale="For a test.", when={"source_type": "agency"}, effect={"coverage": coverage}
    )
    entries = dict(policy.sources.entries)
    for name in ("Wire", "Home"):
        old = entries.get(name.casefold()) or SourceEntry(name=name)
        entries[name.casefold()] = old.model_copy(update={"type": "agency"})
    return replace(policy, silences=(rule,), sources=Directory(entries))


def quiet(name: str = "Wire", **more: object) -> Report:
    return report(link(name), stance="silent", **more)


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize("accuracy", [0.5, 0.6, 0.85, 0.97])
def test_a_silence_weighs_one_less_what_it_would_have_covered(coverage: float, accuracy: float) -> None:
    """10·log10(1 − c·φ) below the common error, φ being the link's; then through the common error."""
    policy = listening(small_policy({"agency": accuracy}), coverage)
    f = (2 * accuracy - 1) / C
    (record,) = rated([quiet()], policy)
    prior, bar, together = record["waterfall"]
    assert (prior["kind"], bar["kind"], together["kind"]) == ("prior", "silence", "common-error")
    assert bar["db"] == pytest.approx(10 * math.log10(1 - coverage * f), abs=0.0051)
    left = 1 - coverage * f
    assert record["rating"]["p"] == pytest.approx(C * left / (left + 1) + (1 - C) / 2, abs=5e-5)


@settings(max_examples=30)
@given(cases(k=None, max_reports=4), st.sampled_from(("S0", "S3", "Elsewhere")))
def test_with_no_coverage_silence_changes_nothing(case: Case, name: str) -> None:
    policy = replace(case.policy, silences=())
    alternative = {} if case.reports[-1].question is None else {"alternative": "A"}
    more = report(link(name, "agency"), stance="silent", key="s", **alternative)
    before = p_of(case.reports, policy)
    assert p_of([*case.reports, more], policy) == pytest.approx(before, abs=1e-12)
    agencies = listening(policy, 0.0)
    assert p_of([*case.reports, more], agencies) == pytest.approx(before, abs=1e-12)


@pytest.mark.parametrize("kind", ["government", "eyewitness", "media"])
def test_a_silence_that_no_rule_counts_types_nobody_else(kind: str) -> None:
    """The sources file says what the NIS is; a silent report that calls it otherwise changes no other report's link."""
    policy = replace(shipped(), silences=())
    said = report(link("National Intelligence Service"), link("ABC News", "media"), key="a")
    silent = report(link("National Intelligence Service", kind), stance="silent", key="s")
    assert p_true([said, silent], policy) == p_true([said], policy)


@settings(max_examples=30)
@given(cases(max_reports=4), st.sampled_from(COVERAGES))
def test_silence_never_raises_a_claim(case: Case, coverage: float) -> None:
    policy = listening(case.policy, coverage)
    assert p_true([*case.reports, quiet("Wire", key="s")], policy) <= p_true(case.reports, policy) + 1e-12


@pytest.mark.parametrize("stance", ["asserts", "denies"])
def test_who_spoke_was_not_silent(stance: str) -> None:
    policy = listening(small_policy(), 0.9)
    spoken = [report(link("Wire", "agency", "document"), link("M", "media"), stance=stance, key="a")]
    mixed = [*spoken, quiet(key="b"), quiet(key="c", published="2025-01-02")]
    assert p_true(mixed, policy) == p_true(spoken, policy)
    (record,) = rated(mixed, policy)
    assert [bar["kind"] for bar in record["waterfall"]] == ["prior", "origin", "common-error"]
    taken_back = report(link("Wire", "agency"), stance="retracts", key="d", published="2025-06-01")
    earlier = spoken[0].model_copy(update={"published": "2025-01-01"})
    again = p_true([earlier, taken_back, quiet(key="b")], policy)
    assert again == pytest.approx(p_true([quiet(key="b")], policy))


@dataclass(frozen=True)
class Node:
    parent: int
    fidelity: float
    guess: tuple[float, float]
    evidence: tuple[float, float] = (1.0, 1.0)


def enumerated(nodes: list[Node], prior: float = 0.5) -> float:
    """P(true) by adding up the joint of the world (place 0) and all nodes (from place 1 on); value 0 is "so"."""
    total = [0.0, 0.0]
    for values in itertools.product((0, 1), repeat=len(nodes) + 1):
        weight = (prior, 1 - prior)[values[0]]
        for node, value in zip(nodes, values[1:], strict=True):
            passed = node.fidelity * (value == values[node.parent])
            weight *= (passed + (1 - node.fidelity) * node.guess[value]) * node.evidence[value]
        total[values[0]] += weight
    return total[0] / sum(total)


EVEN, NEVER = (0.5, 0.5), (0.0, 1.0)
YES, NO = (1.0, 1e-30), (1e-30, 1.0)


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize("stance", ["asserts", "denies"])
def test_small_trees_by_enumeration(coverage: float, stance: str) -> None:
    """A relayed official, a witness, and two silent agencies: the first outside, the second in the official's bloc."""
    policy = small_policy(
        {"official": 0.85, "witness": 0.75, "agency": 0.9}, blocs=[bloc("b", 0.8)],
        entries=[SourceEntry(name="He", bloc="b"), SourceEntry(name="Home", bloc="b")],
    )  # fmt: skip
    policy = listening(policy, coverage)
    reports = numbered([
        report(link("He", "official"), link("M", "media"), stance=stance), report(link("She", "witness")),
        quiet("Wire"), quiet("Home"),
    ])  # fmt: skip
    still = (1 - coverage, 1.0)
    nodes = [
        Node(0, C, EVEN), Node(1, 0.8 / C, EVEN), Node(2, 0.7 / 0.8, EVEN),
        Node(3, 0.97, EVEN, YES if stance == "asserts" else NO), Node(1, 0.5 / C, EVEN, YES),
        Node(1, 0.8 / C, NEVER, still), Node(2, 1.0, NEVER, still),
    ]  # fmt: skip
    assert p_true(reports, policy) == pytest.approx(enumerated(nodes), abs=1e-9)


def test_silence_on_one_of_three_answers() -> None:
    """K = 3: 1 − c on its own answer if it knew; who does not know says nothing, as the other answers have it."""
    policy = listening(small_policy({"agency": 0.9}), 0.6)
    reports = [report(link("Z", "partisan"), alternative=a, key=f"z{a}") for a in "AB"]
    p = p_of([*reports, quiet("Wire", alternative="A", key="s")], policy)
    f = 0.8 / C
    heard = np.array([1 - 0.6, 1.0, 1.0])
    guess = np.array([0.0, 0.5, 0.5])
    said = f * heard + (1 - f) * guess @ heard
    said = C * said + (1 - C) * said.mean()
    assert p == pytest.approx(said / said.sum(), abs=1e-12)


def test_a_silent_sources_own_type_counts() -> None:
    """Given in the report, as INTERFACE.md has it, and not only in the sources file."""
    policy = listening(small_policy(), 0.9)
    by_report = p_true([report(link("Nobody Knows Me", "agency"), stance="silent")], policy)
    assert by_report == pytest.approx(p_true([quiet()], policy), abs=1e-12)
    assert by_report < 0.4


def test_the_record_names_a_silence_for_what_it_is() -> None:
    policy = shipped()
    heard = [report(link("Ministry", "government"), link("ABC", "media"), key="a")]
    (record,) = rated([*heard, report(link("Globe Wire", "wire-agency"), stance="silent", key="b")], policy)
    (node,) = (one for one in record["tree"] if one["kind"] == "silence")
    assert node["label"] == "silence of Globe Wire"
    assert node["guess"] == [0.0, 1.0]
    assert node["evidence_db"] == pytest.approx(10 * math.log10(1 - 0.5), abs=1e-4)
    assert [bar["kind"] for bar in record["waterfall"]].count("silence") == 1
    assert record["counts"]["independent"] == 1
    assert [one["origin"] for one in record["said_so"]] == ["Ministry"]
    (left,) = (one for one in record["without"] if one["kind"] == "silence")
    (alone,) = rated(heard, policy)
    assert left["p"] == alone["rating"]["p"] > record["rating"]["p"]
    assert {c["report"]: c["standing"] for c in record["chains"]} == {"a": "counts", "b": "silent"}


def test_coverage_comes_from_the_rules() -> None:
    """Shipped: a wire .5, a mission .3, a government on its own event .4; nothing is read from others' silence."""
    policy = shipped()
    for kind, facts, coverage in (("wire-agency", {}, 0.5), ("international-organisation", {}, 0.3),
                                  ("government", {"own_matter": "event"}, 0.4), ("government", {}, 0.0),
                                  ("expert", {}, 0.0)):  # fmt: skip
        scored = only([report(link("X", kind, **facts), stance="silent")], policy)
        assert math.exp(scored.evidence[0].min()) == pytest.approx(1 - coverage), kind
