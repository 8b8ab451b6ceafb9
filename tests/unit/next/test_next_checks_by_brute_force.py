"""Next checks against enumeration of the joint of world, nodes and the new word, and against re-rating."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from strategies import Case, cases, link, modifier, numbered, p_true, rated, report, shipped, small_policy, source_type
from unit.scoring.oracle import Net, OracleNode, Path, net_of, phi_of_type

from reliability.model.report import Report
from reliability.reasoning.next_checks import information
from reliability.rules.policy import Policy

MOST_STATES = 1_100
ROOT: Path = (("common-error",),)
BANDS = ((0.05, "almost no chance"), (0.2, "very unlikely"), (0.45, "unlikely"), (0.55, "roughly even chance"),
         (0.8, "likely"), (0.95, "very likely"), (2.0, "almost certain"))  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def few_draws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reliability.reasoning.interval.MANY", 256)
        yield


def entropy(p: float) -> float:
    return -sum(x * math.log2(x) for x in (p, 1 - p) if x > 0)


def bits_of(outcomes: list[tuple[float, float]]) -> float:
    """Mutual information from (chance, P(true) after) of every outcome."""
    before = sum(chance * after for chance, after in outcomes)
    return entropy(before) - sum(chance * entropy(after) for chance, after in outcomes)


def word(p: float) -> str:
    return next(name for high, name in BANDS if round(p, 4) < high)


def learned(net: Net, path: Path) -> list[tuple[float, float]]:
    """For each value of a node: its chance given all that was read, and P(true) once it is known."""
    order = list(net.nodes)
    index = {one: i + 1 for i, one in enumerate(order)}
    weight = {(x, v): 0.0 for x in (0, 1) for v in (0, 1)}
    for values in itertools.product((0, 1), repeat=len(order) + 1):
        w = net.prior[values[0]]
        for i, one in enumerate(order):
            node, value = net.nodes[one], values[i + 1]
            passed = node.fidelity if value == values[index.get(one[:-1], 0)] else 0.0
            w *= (passed + (1 - node.fidelity) * node.guess[value]) * net.evidence(node)[value]
        weight[values[0], values[index[path]]] += w
    total = sum(weight.values())
    chances = [weight[0, v] + weight[1, v] for v in (0, 1)]
    return [(c / total, weight[0, v] / c if c else 0.5) for v, c in enumerate(chances)]


def with_new(net: Net, name: str, policy: Policy) -> tuple[Net, Path] | None:
    """The net with one more origin of a type under the common error (in its crowd, if it is one)."""
    kind = policy.types[name]
    phi, common = phi_of_type(kind.effect[0].p, kind.effect[0].p0), policy.constants["common-error"]
    if phi <= 0:
        return None
    guess = net.nodes[ROOT].guess if len(net.nodes) == 0 else None
    guess = guess or _even(net, policy)
    link_phi = min(phi / common, 1.0)
    nodes = dict(net.nodes)
    at = ROOT
    if kind.crowd:
        at = (*ROOT, ("crowd", name))
        nodes.setdefault(at, OracleNode(at, math.sqrt(link_phi), guess))
        link_phi = math.sqrt(link_phi)
    new = (*at, ("origin", "somebody new"))
    nodes[new] = OracleNode(new, link_phi, guess)
    return Net(2, net.prior, dict(sorted(nodes.items(), key=lambda item: len(item[0])))), new


def _even(net: Net, policy: Policy) -> list[float]:
    rule = policy.priors[0].effect[0] if policy.priors else None
    if rule is None or rule.guess in (None, "even"):
        return [0.5, 0.5]
    return list(net.prior) if rule.guess == "prior" else [float(rule.guess), 1 - float(rule.guess)]


def expected_rows(reports: tuple[Report, ...], policy: Policy) -> tuple[dict[str, Any], list[tuple[float, bool]]]:
    """Bits and whether the word can change: of new origins by type, of confirmations in no order."""
    net = net_of(reports, policy)
    assume(net.nodes and 2 ** (len(net.nodes) + 3) <= MOST_STATES)
    now = word(p_true(reports, policy))

    def row(outcomes: list[tuple[float, float]]) -> tuple[float, bool]:
        return bits_of(outcomes), any(word(after) != now for chance, after in outcomes if chance > 0)

    origins = {}
    for name in policy.types:
        more = with_new(net, name, policy)
        if more is not None:
            origins[f"an independent origin of type {name}"] = row(learned(*more))
    told = set()
    for path, node in net.nodes.items():
        if path[-1][0] == "relay" and node.fidelity < 1:
            above = path[:-1]
            while above[-1][0] == "hedge":
                above = above[:-1]
            told.add(above)
    return origins, sorted(row(learned(net, above)) for above in told)


@settings(max_examples=20)
@given(cases(max_reports=3, max_links=3))
def test_new_origins_and_confirmations_have_the_enumerated_bits(case: Case) -> None:
    origins, confirmed = expected_rows(case.reports, case.policy)
    (record,) = rated(case.reports, case.policy)
    found = {row["check"]: row for row in record["next_checks"]}
    for check, (bits, changes) in origins.items():
        if bits > 1.5e-4:
            assert found[check]["bits"] == pytest.approx(bits, abs=1e-4), check
            assert found[check]["changes_word"] == changes, check
        else:
            assert check not in found or found[check]["bits"] <= 2.5e-4, check
    relays = [row["bits"] for row in record["next_checks"] if row["check"].startswith("confirm with")]
    clear = [bits for bits, _ in confirmed if bits > 1.5e-4]
    assert sorted(relays)[len(relays) - len(clear) :] == pytest.approx(clear, abs=1e-4)
    assert max(relays[len(clear) :], default=0) <= 2.5e-4 or len(relays) == len(clear)


def test_one_more_origin_by_hand_and_by_rating_it() -> None:
    """Police (φ .5) beside an agency's yes: their two words are rated through the public door.

    No rule looks at which of the two they say: the check is at the type's base numbers.
    """
    policy, base = shipped(), [report(link("Service", "intelligence-agency"), link("ABC", "media"), key="a")]
    (record,) = rated(base, policy)
    p = record["rating"]["p"]
    p_yes, p_no = (p_true([*base, report(link("Zed", "law-enforcement"), stance=stance, key="z")], policy)
                   for stance in ("asserts", "denies"))  # fmt: skip
    chance = (p_true(base, policy) - p_no) / (p_yes - p_no)
    (row,) = (one for one in record["next_checks"] if one["check"] == "an independent origin of type law-enforcement")
    assert row["bits"] == pytest.approx(bits_of([(chance, p_yes), (1 - chance, p_no)]), abs=1e-4)
    assert row["changes_word"] == (word(p_yes) != word(p) or word(p_no) != word(p))
    assert (row["hours"], row["euros"]) == (4, 0)
    assert row["bits_per_hour"] == pytest.approx(row["bits"] / 4, abs=1e-4)


@pytest.mark.parametrize("stance", ["asserts", "denies"])
@pytest.mark.parametrize("fact", ["first_hand", "vetted", "departed_before_event", "coerced", "paid", "interest"])
def test_settling_a_fact_is_rating_with_the_fact_set(fact: str, stance: str) -> None:
    policy = shipped()
    rule = policy.facts[fact]
    share = 0.5 if rule.share is None else rule.share
    answers = [(True, share), (False, 1 - share)] if rule.kind == "boolean" else [
        (value, 1 / len(rule.values)) for value in rule.values]  # fmt: skip

    def told(**facts: Any) -> list[Report]:
        return numbered([
            report(link("Ryu", "defector-testimony", "direct-quote", **facts), link("ABC", "media"), stance=stance),
            report(link("Ministry", "government"), link("ABC", "media")),
        ])  # fmt: skip

    (record,) = rated(told(), policy)
    outcomes = [(chance, p_true(told(**{fact: value}), policy)) for value, chance in answers]
    rows = [row for row in record["next_checks"] if row["check"] == f"settle for Ryu: {rule.question}"]
    bits = bits_of(outcomes)
    if bits < 5e-5:
        assert rows == []
        return
    (row,) = rows
    assert row["bits"] == pytest.approx(bits, abs=6e-5)
    now = word(record["rating"]["p"])
    assert row["changes_word"] == any(word(after) != now for _, after in outcomes)
    assert (row["hours"], row["euros"]) == (1, 0)


def test_settling_how_a_relay_passed_it_on_is_rating_with_the_fact_set() -> None:
    policy = shipped()
    base = [report(link("Ministry", "government", "translation"), link("ABC", "media"), key="a")]
    (record,) = rated(base, policy)
    rows = {row["check"]: row for row in record["next_checks"]}
    seen = 0
    for fact in sorted(policy.facts):
        check = f"settle for ABC on what Ministry said: {policy.facts[fact].question}"
        if check not in rows or policy.facts[fact].kind != "boolean":
            continue
        share = policy.facts[fact].share or 0.5
        outcomes = []
        for value, chance in ((True, share), (False, 1 - share)):
            outlet = link("ABC", "media", **{fact: value})
            outcomes.append((chance, p_true([report(link("Ministry", "government", "translation"), outlet)], policy)))
        assert rows[check]["bits"] == pytest.approx(bits_of(outcomes), abs=6e-5)
        seen += 1
    assert seen > 0


@pytest.mark.parametrize("shift", [1.5, 40.0, -40.0])
def test_a_rules_stated_share_is_how_likely_an_answer_is(shift: float) -> None:
    policy = small_policy(
        modifiers=[modifier("shift", {"first_hand": True}, shift_db=shift)],
        extra_types=[source_type("capped", 0.7, cap_db=6.0)],
    )
    base = [report(link("He", "capped"))]
    after = [p_true([report(link("He", "capped", first_hand=value))], policy) for value in (True, False)]
    for share in (0.1, 0.5, 0.8):
        facts = {**policy.facts, "first_hand": policy.facts["first_hand"].model_copy(update={"share": share})}
        (record,) = rated(base, replace(policy, facts=facts))
        (row,) = (one for one in record["next_checks"] if one["check"].startswith("settle"))
        assert row["bits"] == pytest.approx(bits_of([(share, after[0]), (1 - share, after[1])]), abs=1e-4)


def test_information_is_that_of_a_textbook_channel() -> None:
    """A binary symmetric channel with error .11 on an even bit carries 1 − h(.11) = .5001 bits."""
    assert information(np.array([0.5, 0.5]), np.array([[0.89, 0.11], [0.11, 0.89]])) == pytest.approx(
        1 - entropy(0.11), abs=1e-12
    )
    assert information(np.array([1.0, 0.0]), np.array([[0.3, 0.7], [0.9, 0.1]])) == 0.0
    assert information(np.array([0.5, 0.5]), np.array([[1.0, 0.0], [0.0, 1.0]])) == pytest.approx(1.0)


def of_question(*more: Report) -> list[Report]:
    return numbered([
        report(link("R", "government"), link("ABC", "media"), alternative="A"),
        report(link("S", "expert"), link("ABC", "media"), alternative="B"),
        report(link("T", "government"), alternative="A", stance="denies"),
        *more,
    ])  # fmt: skip


def rated_answers(*more: Report) -> list[float]:
    records = rated(of_question(*more), shipped())
    return [record["rating"]["p"] for record in records]


def bits_of_many(outcomes: list[tuple[float, list[float]]]) -> float:
    """Mutual information from (chance, probabilities of all alternatives after) of every outcome."""

    def entropy_of(p: list[float]) -> float:
        return -sum(x * math.log2(x) for x in p if x > 0)

    k = len(outcomes[0][1])
    before = [sum(chance * after[x] for chance, after in outcomes) for x in range(k)]
    return entropy_of(before) - sum(chance * entropy_of(after) for chance, after in outcomes)


def test_one_more_origin_on_a_question_is_rating_it_for_each_answer() -> None:
    """An intelligence agency (φ .7 from the world, .7/.98 below the common error) names A, B or none of these."""
    records = rated(of_question(), shipped())
    apparent = records[0]["tree"][0]["p"]
    f = (2 * 0.85 - 1) / 0.98
    outcomes = []
    for chance, alternative in zip(apparent, ("A", "B", "none of these"), strict=True):
        new = report(link("Zed", "intelligence-agency"), alternative=alternative)
        outcomes.append((f * chance + (1 - f) / 3, rated_answers(new)))
    for record in records:
        rows = {row["check"]: row for row in record["next_checks"]}
        row = rows["an independent origin of type intelligence-agency"]
        assert row["bits"] == pytest.approx(bits_of_many(outcomes), abs=1e-3)


def test_settling_a_fact_on_a_question_is_rating_with_it() -> None:
    policy = shipped()
    base = [report(link("Ryu", "defector-testimony"), link("ABC", "media"), alternative="A"),
            report(link("S", "expert"), alternative="B")]  # fmt: skip
    records = rated(numbered(base), policy)
    share = policy.facts["first_hand"].share or 0.5
    outcomes = []
    for value, chance in ((True, share), (False, 1 - share)):
        told = report(link("Ryu", "defector-testimony", first_hand=value), link("ABC", "media"), alternative="A")
        outcomes.append((chance, [one["rating"]["p"] for one in rated(numbered([told, base[1]]), policy)]))
    check = f"settle for Ryu: {policy.facts['first_hand'].question}"
    for record in records:
        (row,) = (one for one in record["next_checks"] if one["check"] == check)
        assert row["bits"] == pytest.approx(bits_of_many(outcomes), abs=2e-4)


def test_confirming_a_relay_on_a_question_is_hearing_it_from_the_origin() -> None:
    """A partisan (φ = 0) names both answers, so that there are three whatever R said."""
    policy = small_policy({"official": 0.8, "partisan": 0.5})
    others = [report(link("S", "official"), alternative="B", key="s")]
    others += [report(link(f"P{x}", "partisan"), alternative=x, key=f"p{x}") for x in "AB"]
    passed = report(link("R", "official", "paraphrase"), link("A", "agency"), alternative="A", key="r")
    records = rated([passed, *others], policy)
    chances = next(node["p"] for node in records[0]["tree"] if node["label"] == "R")
    outcomes = []
    for chance, alternative in zip(chances, ("A", "B", "none of these"), strict=True):
        heard = report(link("R", "official"), alternative=alternative, key="r")
        outcomes.append((chance, [one["rating"]["p"] for one in rated([heard, *others], policy)]))
    (row,) = (one for one in records[0]["next_checks"] if one["check"].startswith("confirm"))
    assert row["bits"] == pytest.approx(bits_of_many(outcomes), abs=1e-3)
