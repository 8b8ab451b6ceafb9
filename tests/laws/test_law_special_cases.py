"""Known models are special cases: each written down on its own, from its paper, against the scorer."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import bloc, link, modifier, numbered, only, p_of, p_true, report, small_policy, source_type

from reliability.rules.schema import SourceEntry, SourceType

WITHIN = 1e-9
RATES = st.floats(0.02, 0.98)


def one_type_each(fidelities: list[float]) -> list[SourceType]:
    """A type for each source: φ = 2p − 1 at a base rate of one half; caps high enough not to matter."""
    return [source_type(f"t{i:02}", (1 + phi) / 2) for i, phi in enumerate(fidelities)]


@given(st.lists(st.tuples(RATES, RATES, st.booleans()), min_size=1, max_size=6), st.sampled_from([0.1, 0.5, 0.8]))
def test_dawid_and_skene_with_known_confusions(workers: list[tuple[float, float, bool]], prior: float) -> None:
    """Dawid & Skene (1979): P(x | answers) ∝ P(x)·Π P(answer of w | x), each worker with a confusion matrix.

    For yes/no a matrix with hit rate h and false-alarm rate f ≤ h is the channel φ = h − f, γ = f/(1 − φ).
    """
    rates = [(max(a, b), min(a, b), says) for a, b, says in workers]
    yes, no = prior, 1 - prior
    for hit, alarm, says in rates:
        yes *= hit if says else 1 - hit
        no *= alarm if says else 1 - alarm
    fidelities = [hit - alarm for hit, alarm, _ in rates]
    guesses = [alarm / (1 - hit + alarm) for hit, alarm, _ in rates]
    policy = small_policy(
        common_error=1.0, prior=prior, guess="even", extra_types=one_type_each(fidelities),
        modifiers=[modifier(f"g{i:02}", {"worker": f"w{i:02}"}, guess=gamma if says else 1 - gamma)
                   for i, (gamma, (_, _, says)) in enumerate(zip(guesses, rates, strict=True))],
    )  # fmt: skip
    reports = [report(link(f"W{i:02}", f"t{i:02}", worker=f"w{i:02}"), stance="asserts" if says else "denies")
               for i, (_, _, says) in enumerate(rates)]  # fmt: skip
    assert p_true(numbered(reports), policy) == pytest.approx(yes / (yes + no), abs=1e-7)


@given(st.lists(st.tuples(st.floats(0, 0.95), st.floats(0.05, 0.95), st.sampled_from("ABC")), min_size=1, max_size=6))
def test_hovys_annotators_who_know_or_else_guess(annotators: list[tuple[float, float, str]]) -> None:
    """Hovy et al. (2013): an annotator copies the true label with θ, else draws from a distribution ξ of their own.

    P(x | labels) ∝ Π (θ·[label = x] + (1 − θ)·ξ(label)), the prior even over the labels.
    """
    labels = ["A", "B", "C", "none of these"]
    likelihood = dict.fromkeys(labels, 1.0)
    for theta, xi, said in annotators:
        for label in labels:
            likelihood[label] *= theta * (label == said) + (1 - theta) * xi
    policy = small_policy(
        common_error=1.0, extra_types=one_type_each([theta for theta, _, _ in annotators]),
        modifiers=[modifier(f"g{i:02}", {"who": f"a{i:02}"}, guess=xi) for i, (_, xi, _) in enumerate(annotators)],
    )  # fmt: skip
    reports = [report(link(f"A{i:02}", f"t{i:02}", who=f"a{i:02}"), alternative=said)
               for i, (_, _, said) in enumerate(annotators)]  # fmt: skip
    reports += [report(link("Nobody", "partisan"), alternative=name) for name in "ABC"]
    expected = [likelihood[label] / sum(likelihood.values()) for label in labels]
    assert p_of(numbered(reports), policy).tolist() == pytest.approx(expected, abs=1e-7)


@given(st.lists(st.tuples(RATES, RATES, st.booleans()), min_size=1, max_size=6), st.floats(0.05, 0.95))
def test_splinks_weights_add(comparisons: list[tuple[float, float, bool]], prior: float) -> None:
    """Splink (Fellegi & Sunter 1969): match weight = log2(λ/(1 − λ)) + Σ log2(m/u), p = 2^M/(1 + 2^M).

    m is the chance of an outcome among matches, u among non-matches; for disagreement (1 − m)/(1 − u).
    """
    rates = [(max(a, b), min(a, b), agrees) for a, b, agrees in comparisons]
    bits = [math.log2(m / u if agrees else (1 - m) / (1 - u)) for m, u, agrees in rates]
    weight = math.log2(prior / (1 - prior)) + sum(bits)
    policy = small_policy(
        common_error=1.0, prior=prior, guess="prior", extra_types=one_type_each([m - u for m, u, _ in rates]),
        modifiers=[modifier(f"g{i:02}", {"field": f"f{i:02}"},
                            guess=u / (1 - m + u) if agrees else 1 - u / (1 - m + u))
                   for i, (m, u, agrees) in enumerate(rates)],
    )  # fmt: skip
    scored = only(numbered(
        report(link(f"F{i:02}", f"t{i:02}", field=f"f{i:02}"), stance="asserts" if agrees else "denies")
        for i, (_, _, agrees) in enumerate(rates)
    ), policy)  # fmt: skip
    children = scored.paths.trie.level(1)
    bars = (scored.up.sent[0, children] - scored.up.sent[1, children]) / math.log(2)
    assert bars.tolist() == pytest.approx(bits, abs=1e-6)
    assert scored.p[0, 0] == pytest.approx(2**weight / (1 + 2**weight), abs=1e-7)


def indras_belief(sources: list[tuple[float, float, int]]) -> float:
    """Gyori et al. (2017), INDRA: 1 − Π (syst + randⁿ) over sources with n mentions each."""
    return 1 - math.prod(syst + rand**n for syst, rand, n in sources)


@given(st.lists(st.tuples(st.floats(0.01, 0.4), st.floats(0.05, 0.5), st.integers(1, 4)), min_size=1, max_size=4))
def test_indras_belief_where_nobody_denies_by_chance(sources: list[tuple[float, float, int]]) -> None:
    """All that a reader gets wrong is a yes (γ = 1), its mentions share its systematic error (a bloc of φ = 1 − syst).

    Then the reports have chance 1 if the claim is true and Π (syst + (1 − syst)·rⁿ) if not, which is INDRA's product
    with (1 − syst)·rⁿ = randⁿ; so that 1 − belief is the likelihood ratio against the claim.
    """
    blocs, entries, kinds, reports = [], [], [], []
    for k, (syst, rand, n) in enumerate(sources):
        blocs.append(bloc(f"reader{k}", 1 - syst))
        wrong = rand / (1 - syst) ** (1 / n)
        kinds.append(source_type(f"t{k:02}", (1 + (1 - syst) * (1 - wrong)) / 2))
        for i in range(n):
            entries.append(SourceEntry(name=f"mention {k}-{i}", bloc=f"reader{k}"))
            reports.append(report(link(f"mention {k}-{i}", f"t{k:02}")))
    policy = small_policy(common_error=1.0, guess=1.0, blocs=blocs, entries=entries, extra_types=kinds)
    doubt = 1 - indras_belief(sources)
    scored = only(numbered(reports), policy)
    root = scored.up.sent[:, 0]
    assert math.exp(root[1] - root[0]) == pytest.approx(doubt, rel=1e-6)
    assert scored.p[0, 0] == pytest.approx(1 / (1 + doubt), abs=1e-7)
