"""How far a rating can go, whatever is reported: bounds, ceilings, and what a single link can weigh."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import (
    FIDELITIES,
    HEDGES,
    VIAS,
    Case,
    World,
    bloc,
    cases,
    link,
    numbered,
    only,
    p_true,
    report,
    reports_in,
    small_policy,
    worlds,
)

from reliability.rules.schema import SourceEntry
from reliability.scoring.channel import DB
from reliability.scoring.paths import BLOC, CROWD, ORIGIN, RELAY

WITHIN = 1e-9


@given(cases(k=None, max_reports=8))
def test_a_rating_keeps_to_what_the_common_error_allows(case: Case) -> None:
    scored = only(case.reports, case.policy)
    phi, prior = case.policy.constants["common-error"], scored.priors.prior
    assert (scored.p >= (1 - phi) * prior - WITHIN).all()
    assert (scored.p <= phi + (1 - phi) * prior + WITHIN).all()


@given(cases(k=None, max_reports=8))
def test_alternatives_sum_to_one_at_every_node(case: Case) -> None:
    scored = only(case.reports, case.policy)
    assert scored.p.sum(axis=0) == pytest.approx(1.0, abs=WITHIN)
    assert scored.node_p.sum(axis=0) == pytest.approx(1.0, abs=WITHIN)
    assert np.isfinite(scored.p).all()


@given(cases(k=None, max_reports=8))
def test_no_link_adds_weight_to_what_it_passes_on(case: Case) -> None:
    scored = only(case.reports, case.policy)
    heard = scored.up.below.max(axis=0) - scored.up.below.min(axis=0)
    sent = scored.up.sent.max(axis=0) - scored.up.sent.min(axis=0)
    assert (sent <= heard + WITHIN).all()


@given(
    st.sampled_from([0.5, 0.6, 0.85, 1.0]), st.lists(st.sampled_from([None, *VIAS]), min_size=2, max_size=5),
    st.dictionaries(st.sampled_from(VIAS), st.sampled_from(FIDELITIES)), st.integers(1, 4),
    st.sampled_from(["asserts", "denies"]), st.sampled_from([None, "likely", "possibly"]),
)  # fmt: skip
def test_one_more_relay_never_makes_a_lone_chain_weigh_more(
    accuracy: float, vias: list[str | None], fidelities: dict[str, float], at: int, stance: str, word: str | None
) -> None:
    policy = small_policy({"official": accuracy}, fidelities=fidelities)
    chain = [link("He", "official", vias[0], word), *(link(f"O{i}", "agency", via) for i, via in enumerate(vias[1:]))]
    shorter = [one for i, one in enumerate(chain) if i != min(at, len(chain) - 1)]
    longer, without = (p_true([report(*one, stance=stance)], policy) for one in (chain, shorter))
    assert abs(longer - 0.5) <= abs(without - 0.5) + WITHIN


def most_db(fidelity: float, guess: float) -> float:
    """What one channel can send for an answer at the most, in decibans: LR = (φ + (1 − φ)g)/((1 − φ)g)."""
    guessed = (1 - fidelity) * guess
    return 0.0 if fidelity == 0.0 else math.inf if guessed == 0.0 else 10 * math.log10((fidelity + guessed) / guessed)


@given(cases(k=None, max_reports=8))
def test_an_origin_or_bloc_never_weighs_more_than_its_own_channel(case: Case) -> None:
    scored = only(case.reports, case.policy)
    channels, sent = scored.parameters.channels, scored.up.sent
    for node in np.flatnonzero(np.isin(scored.paths.kind, (ORIGIN, BLOC, CROWD, RELAY))):
        for answer in range(scored.k):
            spoken_for = DB * float(sent[answer, node] - sent[:, node].min())
            assert spoken_for <= most_db(float(channels.fidelity[node]), float(channels.guess[answer, node])) + 1e-6


@given(worlds(even=True), st.data())
def test_no_number_of_outlets_lifts_an_origin_over_its_own_fidelity(world: World, data: st.DataObject) -> None:
    origin = data.draw(st.sampled_from([being.name for being in world.beings]))
    found = data.draw(st.lists(reports_in(world, origins=[origin]), min_size=1, max_size=8))
    scored = only(numbered(found), world.policy)
    origins = np.flatnonzero(scored.paths.kind == ORIGIN)
    assume(len(origins) == 1)
    phi = float(scored.links.fidelity[scored.parameters.origin_row[origins[0]]])
    assert abs(2 * scored.p[0, 0] - 1) <= phi + WITHIN


@given(
    st.sampled_from([0.3, 0.6, 0.86, 0.95]), st.sampled_from([0.6, 0.9, 1.0]),
    st.lists(st.tuples(st.sampled_from(["asserts", "denies"]), st.booleans()), min_size=1, max_size=12),
)  # fmt: skip
def test_members_of_a_bloc_together_never_pass_its_ceiling(
    ceiling: float, accuracy: float, words: list[tuple[str, bool]]
) -> None:
    entries = [SourceEntry(name=f"S{i}", bloc="inner" if deep else "b") for i, (_, deep) in enumerate(words)]
    blocs = [bloc("b", ceiling), bloc("inner", ceiling * 0.9, inside="b")]
    policy = small_policy({"agency": accuracy}, blocs=blocs, entries=entries)
    reports = [report(link(f"S{i}", "agency"), stance=stance) for i, (stance, _) in enumerate(words)]
    p = p_true(numbered(reports), policy)
    assert abs(2 * p - 1) <= ceiling + WITHIN
    if all(deep for _, deep in words):
        assert abs(2 * p - 1) <= ceiling * 0.9 + WITHIN


@given(cases(even=True, max_reports=4, stances=["asserts"], words=[None], dates=[None]),
       st.integers(2, 10), st.data())  # fmt: skip
def test_ten_outlets_quoting_one_spokesman_never_beat_him_heard_directly(
    case: Case, outlets: int, data: st.DataObject
) -> None:
    spokesman = link("The spokesman", "official")
    quotes = [
        report(spokesman.model_copy(update={"via": "direct-quote"}), link(f"O{i}", "agency"), key=f"q{i}",
               stance="asserts")
        for i in range(outlets)
    ]  # fmt: skip
    rest = list(case.reports) if data.draw(st.booleans()) else []
    himself = report(spokesman, key="q")
    quoted, direct = p_true([*rest, *quotes], case.policy), p_true([*rest, himself], case.policy)
    assert quoted <= direct + WITHIN


WORDS = {rule.terms[0]: (rule.effect[0].low + rule.effect[0].high) / 2 for rule in HEDGES}


@given(
    st.sampled_from(sorted(WORDS)), st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.sampled_from([0.6, 0.85, 1.0]),
    st.integers(1, 10), st.sampled_from(["asserts", "denies"]),
)  # fmt: skip
def test_a_hedge_repeated_stays_a_hedge(word: str, prior: float, accuracy: float, outlets: int, stance: str) -> None:
    """However many outlets repeat it, p stays between the prior and φh + (1 − φ)π, φ the origin's from the world."""
    policy = small_policy({"official": accuracy}, prior=prior, guess="prior")
    phi = min(float(np.tanh(60 * np.log(10) / 20)), 2 * accuracy - 1, 0.98)
    p = p_true([report(link("He", "official", said=word), link(f"O{i}", "agency"), key=f"r{i}", stance=stance)
                for i in range(outlets)], policy)  # fmt: skip
    h = WORDS[word] if stance == "asserts" else 1 - WORDS[word]
    bound = phi * h + (1 - phi) * prior
    assert min(prior, bound) - WITHIN <= p <= max(prior, bound) + WITHIN


@given(
    st.sampled_from(sorted(WORDS)), st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.sampled_from([0.6, 0.85, 1.0]),
    st.lists(st.sampled_from([None, *VIAS]), max_size=3), st.sampled_from(["asserts", "denies"]),
)  # fmt: skip
def test_a_lone_hedged_chain_whose_guesses_are_the_prior_says_phi_h(
    word: str, prior: float, accuracy: float, vias: list[str | None], stance: str
) -> None:
    """φ is the product of all links of the chain, as measured from the world."""
    policy = small_policy({"official": accuracy}, prior=prior, guess="prior")
    passed = {"direct-quote": 0.99, "paraphrase": 0.97, "translation": 0.95, "document": 0.99, "saw-it-ourselves": 0.97}
    chain = [link("He", "official", (vias or [None])[0], word)]
    chain += [link(f"O{i}", "agency", [*vias, None][i + 1]) for i in range(len(vias))]
    phi = min(2 * accuracy - 1, 0.98) * float(np.prod([passed[via or "paraphrase"] for via in vias]))
    h = WORDS[word] if stance == "asserts" else 1 - WORDS[word]
    assert p_true([report(*chain, stance=stance)], policy) == pytest.approx(phi * h + (1 - phi) * prior, abs=2e-6)
