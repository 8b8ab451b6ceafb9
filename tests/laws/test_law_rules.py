"""What rules do to ratings: their order nothing, one that doesn't fire nothing, one taken away what its bar says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import ROOT, WHY, Case, bloc, cases, hedge, link, modifier, only, report, shipped, small_policy

from reliability.lab.compare import changes
from reliability.lab.scenarios import reports_of
from reliability.rules.changing import without
from reliability.rules.policy import Policy
from reliability.rules.schema import Bias, Modifier, Prior, Relay, Silence
from reliability.scoring.score import score

SHUFFLED = ("modifiers", "relays", "hedges", "blocs", "priors", "biases", "silence", "quantities", "source-types")
WITHIN = 1e-9


def numbers(reports: Sequence[Any], policy: Policy) -> list[np.ndarray]:
    """All that a rating is computed from and comes to, to the last bit."""
    found = []
    for scored in score(reports, policy):
        channels, links = scored.parameters.channels, scored.links
        found += [scored.p, scored.said.p, channels.fidelity, channels.guess, links.base_db, links.shift_db,
                  links.weight_db, links.n_worth]  # fmt: skip
    return found


def same(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return len(a) == len(b) and all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b, strict=True))


def rules_in(folder: Path) -> list[str]:
    """The text of every rule in a folder of one kind, as a member of a family."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        parts = re.split(r"(?m)^\[\[rule\]\]\n", text)
        if len(parts) > 1:
            found += parts[1:]
        else:
            found.append(re.sub(r"(?m)^(\[+)(\w)", r"\1rule.\2", text))
    return found


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[np.ndarray], list[Any]]:
    """The shipped policy without sources and typing rules, and what the scenarios' reports come to under it."""
    place = tmp_path_factory.mktemp("rules") / "in-order"
    shutil.copytree(ROOT / "rules", place, ignore=shutil.ignore_patterns("sources", "typing"))
    policy = Policy.load(place)
    reports = reports_of(policy)
    return place, numbers(reports, policy), reports


@settings(max_examples=12)
@given(st.integers(0, 2**32))
def test_the_order_of_files_and_of_rules_in_a_family_never_changes_a_bit_of_a_rating(
    in_order: tuple[Path, list[np.ndarray], list[Any]], seed: int
) -> None:
    place, before, reports = in_order
    random = Random(seed)
    mixed = place.parent / "mixed"
    shutil.rmtree(mixed, ignore_errors=True)
    shutil.copytree(place, mixed, ignore=shutil.ignore_patterns(*SHUFFLED))
    for kind in SHUFFLED:
        rules = rules_in(place / kind)
        random.shuffle(rules)
        (mixed / kind).mkdir()
        while rules:
            n = random.randint(1, 9)
            family = "\n".join(f"[[rule]]\n{text}" for text in rules[:n])
            (mixed / kind / f"{random.getrandbits(64):x}.toml").write_text(family, encoding="utf-8")
            del rules[:n]
    policy = Policy.load(mixed)
    assert len(policy.rules()) == len(Policy.load(place).rules())
    assert same(numbers(reports, policy), before)


NEVER: tuple[dict[str, Any], ...] = (
    {"source": "Nobody"}, {"source_type": "extra"}, {"never_given": True}, {"n_links": {"more_than": 99}},
    {"any": [{"source": "Nobody"}, {"never_given": True}]}, {"all": [{"good": True}, {"bad": True}]},
)  # fmt: skip


def added(policy: Policy, kind: str, when: dict[str, Any], at: str) -> Policy:
    """The policy with one more rule, first or last of its kind."""
    name = f"{at}.never"
    more: dict[str, Any] = {
        "shift": {"modifiers": modifier(name, when, shift_db=7.0)},
        "guess": {"modifiers": modifier(name, when, guess=0.99)},
        "p": {"modifiers": modifier(name, when, p=0.51)},
        "relay": {"relays": Relay(id=name, rationale=WHY, when=when, effect={"factor": 0.1})},
        "prior": {"priors": Prior(id=name, rationale=WHY, when=when, effect={"prior": 0.9, "guess": "even"})},
        "bias": {"biases": Bias(id=name, rationale=WHY, when=when, effect={"low": 0.1, "high": 0.2})},
        "silence": {"silences": Silence(id=name, rationale=WHY, when=when, effect={"coverage": 0.9})},
        "hedge": {"hedges": hedge(f"{at} never said", 0.1, 0.2)},
        "bloc": {"blocs": bloc(name, 0.5, when=when)},
    }[kind]
    ((place, rule),) = more.items()
    kept = getattr(policy, place)
    both = sorted([*(kept.values() if isinstance(kept, dict) else kept), rule], key=lambda one: one.id)
    return replace(policy, **{place: {one.id: one for one in both} if isinstance(kept, dict) else tuple(both)})


KINDS = ("shift", "guess", "p", "relay", "prior", "bias", "silence", "hedge", "bloc")


@given(cases(max_reports=5), st.sampled_from(KINDS), st.sampled_from(NEVER), st.sampled_from(["aa", "zz"]))
def test_a_rule_that_does_not_fire_changes_no_bit(case: Case, kind: str, when: dict[str, Any], at: str) -> None:
    assert same(numbers(case.reports, added(case.policy, kind, when, at)), numbers(case.reports, case.policy))


CONDITIONS: tuple[dict[str, Any], ...] = (
    {"good": True}, {"bad": True}, {"source_type": "official"}, {"source_type": ["media", "witness"]},
    {"stance": "asserts"}, {"n_links": {"at_least": 2}}, {"good": {"not": True}}, {"none": [{"bad": True}]},
)  # fmt: skip
SHIFTS = st.lists(st.tuples(st.sampled_from(CONDITIONS), st.floats(-9, 9)), min_size=1, max_size=5)


def shifting(shifts: list[tuple[dict[str, Any], float]]) -> list[Modifier]:
    return [modifier(f"m{i}", when, shift_db=db) for i, (when, db) in enumerate(shifts)]


@given(cases(max_reports=5), SHIFTS, st.floats(0, 30), st.data())
def test_a_shift_taken_away_takes_its_decibans_from_the_links_it_fires_on_and_then_the_clamp_holds(
    case: Case, shifts: list[tuple[dict[str, Any], float]], cap: float, data: st.DataObject
) -> None:
    """Weight = base + Σ shifts held within [0, cap]; without the rule it is base + Σ shifts − its own, held alike."""
    types = {
        name: one.model_copy(update={"effect": (one.effect[0].model_copy(update={"cap_db": cap}),)})
        for name, one in case.policy.types.items()
    }
    mine = shifting(shifts)
    policy = replace(case.policy, types=types, modifiers=tuple(sorted([*case.policy.modifiers, *mine],
                                                                      key=lambda rule: rule.id)))  # fmt: skip
    rule = data.draw(st.sampled_from(mine))
    before, after = only(case.reports, policy).links, only(case.reports, without(policy, rule)).links
    fires = before.outcomes[rule.id].yes
    db = rule.effect[0].shift_db or 0.0
    raw = before.base_db + before.shift_db
    expected = np.clip(raw - db, 0.0, cap)
    assert after.weight_db[fires] == pytest.approx(expected[fires], abs=WITHIN)
    assert np.array_equal(after.weight_db[~fires], before.weight_db[~fires])
    assert np.array_equal(after.base_db, before.base_db)
    assert after.base_db + after.shift_db + after.clamp_db == pytest.approx(after.weight_db, abs=WITHIN)


@given(cases(max_reports=5), st.floats(0, 1), st.sampled_from(CONDITIONS))
def test_a_relay_rule_taken_away_gives_back_its_factor_and_nothing_else(
    case: Case, factor: float, when: dict[str, Any]
) -> None:
    rule = Relay(id="zz", rationale=WHY, when=when, effect={"factor": factor})
    policy = replace(case.policy, relays=(*case.policy.relays, rule))
    before, after = only(case.reports, policy), only(case.reports, without(policy, rule))
    relays = before.parameters.relays
    fires = relays.outcomes["zz"].yes
    assert relays.fidelity[fires] == pytest.approx(after.parameters.relays.fidelity[fires] * factor, abs=WITHIN)
    assert np.array_equal(relays.fidelity[~fires], after.parameters.relays.fidelity[~fires])
    if not fires.any():
        assert np.array_equal(before.p, after.p)


@given(st.floats(0.55, 0.95), SHIFTS)
def test_a_lone_origins_bar_falls_by_the_shift_that_is_taken_away(
    p: float, shifts: list[tuple[dict[str, Any], float]]
) -> None:
    """Read at the source and without a common error the bar is the link's own weight, so it is said in decibans."""
    mine = shifting(shifts)
    policy = small_policy({"official": p}, common_error=1.0, modifiers=mine)
    one = [report(link("O", "official", good=True))]

    def bar(policy: Policy) -> float:
        odds = only(one, policy).p[:, 0]
        return float(10 * np.log10(odds[0] / odds[1]))

    links = only(one, policy).links
    for rule in mine:
        fires = bool(links.outcomes[rule.id].yes[0])
        raw = 10 * np.log10(p / (1 - p)) + float(links.shift_db[0])
        left = raw - (rule.effect[0].shift_db or 0.0) * fires
        assert bar(without(policy, rule)) == pytest.approx(min(max(left, 0.0), 60.0), abs=1e-6)


@given(cases(max_reports=1), SHIFTS)
def test_a_policy_differs_from_itself_in_nothing_and_from_one_without_a_rule_in_that_rule(
    case: Case, shifts: list[tuple[dict[str, Any], float]]
) -> None:
    policy = replace(case.policy, modifiers=tuple(sorted(shifting(shifts), key=lambda rule: rule.id)))
    assert list(changes(policy, policy)) == []
    for rule in policy.modifiers:
        (gone,) = changes(policy, without(policy, rule))
        (come,) = changes(without(policy, rule), policy)
        assert (gone.what, gone.id, come.what, come.id) == ("removed", rule.id, "added", rule.id)


def test_the_shipped_policy_differs_from_itself_in_nothing() -> None:
    assert list(changes(shipped(), Policy.load(ROOT / "rules"))) == []
