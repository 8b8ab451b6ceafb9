"""What the fixtures' notes tell a reader to look at is there to be seen."""

from datetime import date

import pytest

from .sets import rate, rate_only, reports_of


def test_names_behind_a_cut_are_shown_and_not_credited() -> None:
    site = rate("unknown-site")["leak-by-site"]
    assert (site.counts.reports, site.counts.origins) == (10, 1)
    assert {chain.counted_from for chain in site.chains} == {1}
    assert [one.origin for one in site.said_so] == ["news-now.example.org"]
    assert "unknown-outlet" in site.flags
    assert rate("unknown-site")["leak-by-paper"].counts.origins == 2
    assert not site.rating.assessed


def test_a_denial_of_the_fact_does_not_move_that_the_agency_said_so() -> None:
    ratings = rate("agency-against-denial")
    said = {claim: {(s.origin, s.stance): s.p for s in one.said_so} for claim, one in ratings.items()}
    agency = ("Velmark Intelligence Service", "asserts")
    assert said["crossing-denied"][agency] == said["crossing-alone"][agency] == pytest.approx(0.9708)
    assert said["crossing-denied"]["Government of Ardania", "denies"] == pytest.approx(0.9708)
    assert "contested" in ratings["crossing-denied"].flags
    assert "contested" not in ratings["crossing-alone"].flags


def test_ten_outlets_prove_that_it_was_said_and_ten_copies_do_not() -> None:
    ratings = rate("circular-reporting")
    said = {claim: one.said_so[0].p for claim, one in ratings.items()}
    assert said["bridge-by-ten"] == pytest.approx(1.0, abs=1e-4)
    assert said["bridge-by-wire"] == said["bridge-by-one"]
    assert {claim: one.counts.origins for claim, one in ratings.items()} == dict.fromkeys(ratings, 1)


def test_a_day_is_rated_without_what_was_published_later() -> None:
    reports = reports_of("corrections")
    then = rate_only("corrections", reports, as_of=date(2026, 3, 2))
    assert then["fire-set"].p == 0.7425
    assert "superseded" not in then["fire-set"].flags
    assert rate_only("corrections", reports, as_of=date(2026, 3, 3))["fire-set"].p == 0.2575


def test_each_report_says_how_it_stands() -> None:
    standing = {c.report: c.standing for one in rate("corrections").values() for c in one.chains}
    assert standing == {
        "co-fire-1": "superseded", "co-fire-2": "counts",
        "co-bridge-1": "retracted", "co-bridge-2": "retraction", "co-bridge-3": "counts",
        "co-mayor-1": "retracted", "co-mayor-2": "retraction",
        "co-dam-1": "counts", "co-dam-2": "superseded",
        "co-well-1": "counts", "co-well-2": "counts",
    }  # fmt: skip


def test_the_members_of_a_group_are_one_bloc_and_strangers_none() -> None:
    ratings = rate("defectors-one-group")
    assert (ratings["pay-one-group"].counts.blocs, ratings["pay-one-group"].counts.independent) == (1, 1)
    assert (ratings["pay-unrelated"].counts.blocs, ratings["pay-unrelated"].counts.independent) == (0, 2)
    kinds = [bar.kind for bar in ratings["pay-one-group"].waterfall]
    assert kinds == ["prior", "bloc", "common-error"]


def test_interest_sets_the_guess_over_being_a_party() -> None:
    links = {claim: one.links[0] for claim, one in rate("admission-and-boast").items()}
    assert {claim: (link.guess, link.set_by) for claim, link in links.items()} == {
        "ship-lost": (0.15, ("interest.against",)),
        "ship-sunk": (0.75, ("interest.for",)),
        "ship-in-port": (0.5, ("interest.none",)),
        "ship-unsaid": (0.6, ("party.to-conflict",)),
    }


def test_base_shifts_and_clamp_add_up_to_a_links_weight() -> None:
    links = {claim: one.links[0] for claim, one in rate("witness-questions").items()}
    # 3.68 + 1 + 1 + 2 = 7.68, held at 7; 3.68 − 2 − 3 − 1.5 = −2.82, raised to 0.
    assert (links["shots-vetted"].clamp_db, links["shots-vetted"].weight_db) == (-0.68, 7.0)
    assert (links["shots-floor"].clamp_db, links["shots-floor"].weight_db) == (2.82, 0.0)
    for link in links.values():
        parts = link.base_db + sum(shift.db for shift in link.shifts) + link.clamp_db
        assert parts == pytest.approx(link.weight_db, abs=1e-9)
    assert {one.missing for one in links["shots-unknown"].undecided} >= {"vetted", "first_hand", "interest"}


def test_three_spellings_are_one_office() -> None:
    counts = {claim: one.counts for claim, one in rate("two-names").items()}
    assert (counts["grain-one-office"].origins, counts["grain-one-office"].outlets) == (1, 3)
    assert counts["grain-two-offices"].origins == 2
