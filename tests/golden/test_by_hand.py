"""Fixtures worked out by hand: the arithmetic in comments, the two operations of `by_hand`, and the package agree.

φ of a type is 2p − 1: intelligence agency .7, government, law enforcement and expert .5, military, defector and unnamed
official .4, eyewitness .3, unattributed .5, unknown .04, survey .76. A lone chain rates (1 + φ₁φ₂…)/2.
"""

from math import sqrt

import pytest

from .by_hand import EVEN, IT_IS_NOT_SO, IT_IS_SO, PARAPHRASE, QUOTE, TRANSLATION, from_world, rating, through, together
from .sets import expected, rate

AGENCY = through(from_world(0.7), through(PARAPHRASE, IT_IS_SO))
GOVERNMENT = through(from_world(0.5), through(PARAPHRASE, IT_IS_SO))
NEAR = 5.1e-5


def agree(name: str, claim: str, figure: float, worked: tuple[float, ...]) -> None:
    """The figure of the comment, the plain function, the fixture's note and the record are one number."""
    assert worked[0] == pytest.approx(figure, abs=NEAR)
    assert expected(name)[claim] == figure
    assert rate(name)[claim].p == figure


def test_ten_outlets_that_quote_one_ministry() -> None:
    heard = through(PARAPHRASE, IT_IS_SO)
    # One outlet: .5·.97 = .485; (1 + .485)/2.
    agree("circular-reporting", "bridge-by-one", 0.7425, rating(GOVERNMENT))
    # Ten outlets: odds (1.97/.03)^10, about 10^18 to 1 that the ministry said so; (1 + .5)/2.
    agree("circular-reporting", "bridge-by-ten", 0.75, rating(through(from_world(0.5), together(*[heard] * 10))))
    # Ten copies of one agency: certain what the agency said, so .5·.97·1.
    behind = through(PARAPHRASE, together(*[heard] * 10))
    agree("circular-reporting", "bridge-by-wire", 0.7425, rating(through(from_world(0.5), behind)))


def test_an_unknown_sites_own_word() -> None:
    # A crowd and its member share .04/.98 as √.0408 = .2020 each; we read the site itself: (1 + .04)/2.
    share = sqrt(from_world(0.04))
    agree("unknown-site", "leak-by-site", 0.52, rating(through(share, through(share, IT_IS_SO))))
    # Two officials in a newspaper: t = .51020·.99 = .50510; 2t/(1 + t²) = 1.01020/1.25513 = .80486; ·.98 = .78876.
    official = through(from_world(0.5), through(QUOTE, IT_IS_SO))
    agree("unknown-site", "leak-by-paper", 0.8944, rating(official, official))


def test_two_defectors_of_one_group_and_two_of_none() -> None:
    # The bloc: .6/.98; below it each .4/.6 = .66667, quoted ·.99 = .66. Two: 1.32/1.4356 = .91947; ·.6 = .55168.
    member = through(0.4 / 0.6, through(QUOTE, IT_IS_SO))
    agree("defectors-one-group", "pay-one-group", 0.7758, rating(through(from_world(0.6), together(member, member))))
    # Unrelated: each .4/.98·.99 = .40408. Two: .80816/1.16328 = .69472; ·.98 = .68083.
    alone = through(from_world(0.4), through(QUOTE, IT_IS_SO))
    agree("defectors-one-group", "pay-unrelated", 0.8404, rating(alone, alone))


def test_an_agency_against_a_denial() -> None:
    # An institution's denial: 4.77121 − 2.5 = 2.27121 dB, odds 1.68703, φ .25568. a = .71429·.97 = .69286,
    # b = .26090·.97 = .25307: (a − b)/(1 − ab) = .43979/.82466 = .53330; ·.98 = .52263.
    denied = through(PARAPHRASE, IT_IS_NOT_SO)
    ratio = 3.0 / 10**0.25
    weak = (ratio - 1.0) / (ratio + 1.0)
    agree("agency-against-denial", "crossing-denied", 0.7613, rating(AGENCY, through(from_world(weak), denied)))
    # In its interest, too: 4.77121 − 2.5 − 3.5 is below the floor of 0 dB: nothing is left of the denial.
    served = through(0.0, denied, guess=(0.25, 0.75))
    agree("agency-against-denial", "crossing-denied-in-its-interest", 0.8395, rating(AGENCY, served))


def test_an_admission_a_boast_and_neither() -> None:
    # .4/.98 = .40816; heard (.985, .015). Guess γ: g = γ·.985 + (1 − γ)·.015, times .59184.
    # γ .15: g = .1605 → .09499; .40204 + .09499 = .49703 against .00612 + .09499 = .10111; P = .83096.
    # γ .75, and 3.67977 − 3.5 = .17977 dB, odds 1.04226, φ .02069, /.98 = .02112: .7425·.97888 = .72682;
    # .02080 + .72682 = .74762 against .00032 + .72682 = .72714; P = .50694.
    # γ .6: g = .597 → .35333; .75537 against .35945; P = .67757. γ .5 is the lone chain, .4·.97.
    guesses = {"ship-lost": 0.15, "ship-sunk": 0.75, "ship-in-port": 0.5, "ship-unsaid": 0.6}
    figures = {"ship-lost": 0.8243, "ship-sunk": 0.5068, "ship-in-port": 0.694, "ship-unsaid": 0.674}
    ratio = (1.4 / 0.6) / 10**0.35
    for claim, guess in guesses.items():
        fidelity = (ratio - 1.0) / (ratio + 1.0) if claim == "ship-sunk" else 0.4
        word = through(from_world(fidelity), through(PARAPHRASE, IT_IS_SO), guess=(guess, 1.0 - guess))
        agree("admission-and-boast", claim, figures[claim], rating(word))


def test_an_unnamed_official_in_two_outlets() -> None:
    # √(.4/.98) = .63888 each for the crowd and its members; ·.97 = .61971. Two: 1.23943/1.38405 = .89551;
    # ·.63888 = .57212; ·.98 = .56068.
    share = sqrt(from_world(0.4))
    member = through(share, through(PARAPHRASE, IT_IS_SO))
    agree("anonymous-officials", "tax-one-outlet", 0.694, rating(through(share, member)))
    agree("anonymous-officials", "tax-two-outlets", 0.7803, rating(through(share, together(member, member))))
    # Neither one person, (1 + .4)/2 = .70, nor two: t = .40816·.97, rating .8354.
    person = through(from_world(0.4), through(PARAPHRASE, IT_IS_SO))
    assert 0.70 < rate("anonymous-officials")["tax-two-outlets"].p < rating(person, person)[0]


def test_a_hedge_stays_a_hedge() -> None:
    # likely: (.55 + .80)/2 = .675, η = (.675 − .5)/.5 = .35. One: .7·.35·.97 = .23765. Ten: .7·.35 = .245.
    heard = through(PARAPHRASE, IT_IS_SO)
    agency = from_world(0.7)
    agree("hedge-repeated", "sabotage-by-one", 0.6188, rating(through(agency, through(0.35, heard))))
    ten = through(0.35, together(*[heard] * 10))
    agree("hedge-repeated", "sabotage-by-ten", 0.6225, rating(through(agency, ten)))
    # very unlikely: (.05 + .20)/2 = .125, a denial with η = 1 − .125/.5 = .75: −.7·.75·.97 = −.50925.
    denied = through(0.75, through(PARAPHRASE, IT_IS_NOT_SO))
    agree("hedge-repeated", "sabotage-very-unlikely", 0.2454, rating(through(agency, denied)))


def test_a_hedged_relay_of_a_relay() -> None:
    # reportedly (.6 + .9)/2 = .75, η .5; allegedly (.5 + .8)/2 = .65, η .3: .7·.97·.5·.97·.3 = .09879.
    paper = through(PARAPHRASE, through(0.3, IT_IS_SO))
    wire = through(PARAPHRASE, through(0.5, paper))
    agree("hedged-relays", "ill-two-hedges", 0.5494, rating(through(from_world(0.7), wire)))
    assert rate("hedged-relays")["ill-two-hedges"].icd203 is None
    # Twice translated: .7·.95·.95·.97 = .61280.
    passed = through(TRANSLATION, through(TRANSLATION, through(PARAPHRASE, IT_IS_SO)))
    agree("hedged-relays", "ill-translated", 0.8064, rating(through(from_world(0.7), passed)))


def test_a_question_with_three_answers_and_none_of_them() -> None:
    # Answers: boiler, mine, torpedo, none of these; every channel guesses a quarter each. Eyewitness √(.3/.98) = .55328
    # twice, ·.99: .30306 + .17423 = .47730 against .17423, 2.7394 : 1. Expert .51020·.99 = .50510: 5.0825 : 1.
    # Agency .71429·.97 = .69286: 10.023 : 1. Denial, less 2.5 dB, .26090·.97 = .25307 of (1, 1, 0, 1):
    # .81327 : .56020, 1.4518 : 1. Boiler 2.7394·1.4518 = 3.977, mine 5.0825·1.4518 = 7.379, torpedo 10.023, none of
    # these 1.452; in all 22.830.
    share = sqrt(from_world(0.3))
    ratio = 3.0 / 10**0.25
    weak = (ratio - 1.0) / (ratio + 1.0)
    worked = rating(
        through(share, through(share, through(QUOTE, (1.0, 0.0, 0.0, 0.0)))),
        through(from_world(0.5), through(QUOTE, (0.0, 1.0, 0.0, 0.0))),
        through(from_world(0.7), through(PARAPHRASE, (0.0, 0.0, 1.0, 0.0))),
        through(from_world(weak), through(PARAPHRASE, (1.0, 1.0, 0.0, 1.0))),
        prior=(0.25,) * 4,
    )
    ratings = rate("three-answers")
    figures = {"boiler": 0.1757, "mine": 0.3217, "torpedo": 0.4352, "none of these": 0.0673}
    for place, (answer, figure) in enumerate(figures.items()):
        agree("three-answers", f"ferry={answer}", figure, worked[place:])
        assert ratings[f"ferry={answer}"].alternatives == tuple(figures)
    assert sum(one.p for one in ratings.values()) == pytest.approx(1.0, abs=2e-4), "each is rounded to 1e-4"


def test_state_media_carry_their_own_and_cut_others() -> None:
    # Outer bloc .9, bloc .86, ministry .5, all from the world, so alone .5; the agency passes on .97·.95 = .9215.
    def state(*members: tuple[float, ...]) -> tuple[float, ...]:
        return through(from_world(0.9), through(0.86 / 0.9, together(*members)))

    own = through(0.5 / 0.86, through(PARAPHRASE * 0.95, IT_IS_SO))
    agree("state-media", "town-own-ministry", 0.7304, rating(state(own)))
    relayed = through(0.5 / 0.86, through(PARAPHRASE * 0.95, through(TRANSLATION, IT_IS_SO)))
    agree("state-media", "town-relayed", 0.7189, rating(state(relayed)))
    # Three voices: .56395, .78953, .56395; artanh .63851 + 1.07017 + .63851 = 2.34719, tanh .98188; ·.86 = .84442.
    voices = [through(f / 0.86, through(PARAPHRASE, IT_IS_SO)) for f in (0.5, 0.7, 0.5)]
    agree("state-media", "town-three-voices", 0.9222, rating(state(*voices)))
    agree("state-media", "town-foreign-ministry", 0.5, rating(state(through(0.0, IT_IS_SO))))


def test_an_outlets_own_voice() -> None:
    # √(.5/.98) = .71429; ·.97 = .69286. Two: 1.38571/1.48005 = .93626; ·.71429·.98 = .65538.
    share = sqrt(from_world(0.5))
    member = through(share, through(PARAPHRASE, IT_IS_SO))
    agree("own-voice", "market-own-voice", 0.7425, rating(through(share, member)))
    agree("own-voice", "market-two-outlets", 0.8277, rating(through(share, together(member, member))))
    agree("own-voice", "market-saw", 0.9, rating(through(from_world(0.8), IT_IS_SO)))


def test_a_hundred_accounts_are_one_crowd() -> None:
    # √(.04/.98) = .20203 each; a hundred of artanh .20203 = .20485 are as good as certain: .20203·.98 = .19799.
    share = sqrt(from_world(0.04))
    crowd = together(*[through(share, IT_IS_SO)] * 100)
    agree("hundred-accounts", "flood-unknown-sites", 0.599, rating(through(share, crowd)))
    # √(.2/.98) = .45175, each ·.97, a hundred of them: .45175·.98 = .44272.
    share = sqrt(from_world(0.2))
    said = together(*[through(share, through(PARAPHRASE, IT_IS_SO))] * 100)
    agree("hundred-accounts", "flood-unnamed", 0.7214, rating(through(share, said)))


def test_an_extraordinary_claim() -> None:
    # Prior odds 1 to 9; the coast guard 1.49490 : .50510 = 2.95960, so P = .32884/1.32884 = .24747; ·.98 + .02·.1.
    prior = (0.1, 0.9)
    agree("extraordinary-claim", "whale-one", 0.2445, rating(GOVERNMENT, prior=prior))
    # The expert too, 1.50510 : .49490 = 3.04124: odds 1.00009, P = .50002.
    expert = through(from_world(0.5), through(QUOTE, IT_IS_SO))
    agree("extraordinary-claim", "whale-two", 0.492, rating(GOVERNMENT, expert, prior=prior))


def test_second_thoughts() -> None:
    denial = through(from_world(0.5), through(PARAPHRASE, IT_IS_NOT_SO))
    agree("corrections", "fire-set", 0.2575, rating(denial))
    agree("corrections", "mayor-resigned", 0.5, EVEN)
    # Plain and "likely" beside each other: .97 and .35·.97 = .3395: 1.3095/1.32932 = .98509; ·.5.
    heard = through(PARAPHRASE, IT_IS_SO)
    both = through(from_world(0.5), together(heard, through(0.35, heard)))
    agree("corrections", "well-poisoned", 0.7463, rating(both))


def test_the_designs_own_figures() -> None:
    # a = .71429·.97 = .69286. Ryu on army life b = .40816·.99 = .40408: 1.09694/1.27997 = .85700; ·.98 = .83986.
    # Left before it: 3.67977 − 2 = 1.67977 dB, odds 1.47223, φ .19101; b = .19296, (a + b)/(1 + ab)·.98 = .76573.
    ratio = (1.4 / 0.6) / 10**0.2
    later = (ratio - 1.0) / (ratio + 1.0)
    ryu, gone = (through(from_world(f), through(QUOTE, IT_IS_SO)) for f in (0.4, later))
    agree("seed-figures", "nis-alone", 0.8395, rating(AGENCY))
    agree("seed-figures", "ryu-on-army-life", 0.698, rating(ryu))
    agree("seed-figures", "ryu-on-what-came-later", 0.5946, rating(gone))
    agree("seed-figures", "both-on-army-life", 0.9199, rating(AGENCY, ryu))
    agree("seed-figures", "both-on-what-came-later", 0.8829, rating(AGENCY, gone))
