"""Worked examples from the literature, every number worked out in the comment beside it."""

from __future__ import annotations

import math

import pytest
from strategies import bloc, link, modifier, numbered, only, p_true, report, small_policy, source_type

from reliability.rules.schema import SourceEntry


def decibans(p: float) -> float:
    return 10 * math.log10(p / (1 - p))


@pytest.mark.parametrize(
    ("hit", "alarm", "ratio"),
    [
        # E speaks .9 : .2 for H. W reports E with h = .8, f = .1.
        # P(E*|H) = .9·.8 + .1·.1 = .73, P(E*|not H) = .2·.8 + .8·.1 = .24: L = 3.0417, of the 4.5 that E itself has.
        (0.8, 0.1, 0.73 / 0.24),
        # h = 1, f = 0: nothing is lost. .9/.2 = 4.5
        (1.0, 0.0, 4.5),
        # h = f: he says so whatever he saw. 1
        (0.6, 0.6, 1.0),
        # h = .5, f = .5 · .02: rarely says so falsely. (.45 + .001)/(.1 + .008) = .451/.108 = 4.176
        (0.5, 0.01, 0.451 / 0.108),
    ],
)
def test_schums_cascaded_inference(hit: float, alarm: float, ratio: float) -> None:
    """Schum (1994), The Evidential Foundations of Probabilistic Reasoning, ch. 7: the likelihood ratio of a report E*
    of an event E that is itself evidence on H is [P(E|H)(h − f) + f]/[P(E|not H)(h − f) + f].

    The event is a channel φ = .9 − .2 = .7, γ = .2/.3; the witness one of φ = h − f, γ = f/(1 − φ).
    """
    phi = hit - alarm
    policy = small_policy(
        common_error=1.0, extra_types=[source_type("event", 0.85)],
        modifiers=[modifier("e", {"what": "event"}, guess=2 / 3)], fidelities={"document": phi},
        prior=0.5, guess=alarm / (1 - phi) if phi < 1 else 0.5,
    )  # fmt: skip
    p = p_true([report(link("E", "event", "document", what="event"), link("W", "agency"))], policy)
    assert p / (1 - p) == pytest.approx(ratio, rel=1e-9)


def test_goods_decibans_of_the_loaded_die_add() -> None:
    """Good (1950), Probability and the Weighing of Evidence, ch. 6: weights of evidence in decibans are added.

    A die is fair, or loaded to show sixes ⅓ of the time; it is believed loaded at 1 : 10, −10 dB. A six weighs
    10·log10((1/3)/(1/6)) = +3.01 dB, another face 10·log10((2/3)/(5/6)) = −0.97 dB. Eleven sixes and nine others:
    −10 + 11·3.0103 − 9·.9691 = 14.3914 dB, odds 27.49, p = .96490. A throw is a channel φ = 1/3 − 1/6, γ = 1/5.
    """
    policy = small_policy(
        common_error=1.0, prior=1 / 11, guess="even", extra_types=[source_type("throw", (1 + 1 / 6) / 2)],
        modifiers=[modifier("six", {"six": True}, guess=0.2), modifier("other", {"six": False}, guess=0.8)],
    )  # fmt: skip
    throws = [report(link(f"throw {i:02}", "throw", six=i < 11), stance="asserts" if i < 11 else "denies")
              for i in range(20)]  # fmt: skip
    scored = only(numbered(throws), policy)
    p = float(scored.p[0, 0])
    assert decibans(p) == pytest.approx(-10 + 11 * 10 * math.log10(2) + 9 * 10 * math.log10(0.8), abs=1e-6)
    assert decibans(p) == pytest.approx(14.3914, abs=1e-4)
    assert p == pytest.approx(0.96490, abs=1e-5)


def test_ten_pieces_of_one_deciban_make_a_ban() -> None:
    """Good (1979), Studies in the history of probability and statistics XXXVII: a deciban is about the smallest
    change of belief one perceives; ten independent pieces of 1 dB make a ban, odds of 10 at even prior, p = 10/11.

    1 dB is LR 1.2589, φ = (LR − 1)/(LR + 1) = .114623.
    """
    ratio = 10**0.1
    policy = small_policy(common_error=1.0, extra_types=[source_type("card", ratio / (1 + ratio))])
    cards = [report(link(f"card {i}", "card"), key=f"{i}") for i in range(10)]
    assert p_true(cards, policy) == pytest.approx(10 / 11, abs=1e-9)


def test_two_agencies_of_one_state() -> None:
    """A bloc: what two agencies (φ = .70 each) of one state (ceiling .90) say, without common error.

    Each has .70/.90 = .7778 within the bloc; two that agree there: 2·.7778/(1 + .7778²) = .96923; through the bloc
    .9 · .96923 = .87231: p = .93615, 11.66 dB. Independent they would be 2·.7/(1 + .49) = .93960: p = .96980, 15.07 dB.
    A third from outside at .5 adds (.87231 + .5)/(1 + .5·.87231) = .95554: p = .97777.
    """
    entries = [SourceEntry(name="A", bloc="state"), SourceEntry(name="B", bloc="state")]
    kinds = {"agency": 0.85, "official": 0.75}
    apart = small_policy(kinds, common_error=1.0)
    policy = small_policy(kinds, common_error=1.0, blocs=[bloc("state", 0.9)], entries=entries)
    both = [report(link("A", "agency"), key="a"), report(link("B", "agency"), key="b")]
    assert p_true(both[:1], policy) == pytest.approx(0.85, abs=1e-12)
    assert p_true(both, policy) == pytest.approx(0.93615, abs=5e-6)
    assert decibans(p_true(both, policy)) == pytest.approx(11.66, abs=0.005)
    assert p_true(both, apart) == pytest.approx(0.96980, abs=5e-6)
    assert decibans(p_true(both, apart)) == pytest.approx(15.07, abs=0.005)
    assert p_true([*both, report(link("C", "official"), key="c")], policy) == pytest.approx(0.97777, abs=5e-6)


def test_the_witness_cab_problem_is_a_flat_tree_of_one() -> None:
    """Kahneman & Tversky's cab problem (1972): 15 % of cabs are blue; a witness right 80 % of the time says blue: .41.

    φ = .6 at γ = ½: LR = .8/.2 = 4; odds .15/.85 · 4 = .70588, p = .41379.
    """
    policy = small_policy({"witness": 0.8}, common_error=1.0, prior=0.15, guess="even")
    assert p_true([report(link("The witness", "witness"))], policy) == pytest.approx(0.41379, abs=5e-6)
