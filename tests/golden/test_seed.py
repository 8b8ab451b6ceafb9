"""The seed article with its editor's grouping: what two origins tell is rated higher than what one of them tells."""

import pytest

from reliability.model.report import Report

from .sets import rate, rate_only, reports_of

TWICE_TOLD = ("death-rather-than-capture", "untrained-against-drones")
RYU, NIS = "Ryu Seong-hyeon", "National Intelligence Service"


def only(origin: str, claim: str) -> list[Report]:
    """The seed's reports without those by which anyone else stands behind the claim."""
    members = set(rate("seed-grouped")[claim].reports)
    return [one for one in reports_of("seed") if one.key not in members or one.provenance[0].source == origin]


@pytest.mark.parametrize("claim", TWICE_TOLD)
def test_an_editors_claim_has_the_defector_and_the_agency_behind_it(claim: str) -> None:
    rating = rate("seed-grouped")[claim]
    assert sorted(one.origin for one in rating.said_so) == [NIS, RYU]
    assert {one.stance for one in rating.said_so} == {"asserts"}
    assert (rating.counts.reports, rating.counts.origins, rating.counts.independent) == (2, 2, 2)
    assert "single-source" not in rating.flags


@pytest.mark.parametrize("claim", TWICE_TOLD)
def test_two_origins_rate_above_either_alone(claim: str) -> None:
    alone = {origin: _alone(origin, claim) for origin in (RYU, NIS)}
    assert rate("seed-grouped")[claim].p > max(alone.values()) > min(alone.values()) > 0.5
    assert alone[NIS] == pytest.approx(0.8395, abs=5e-5)


def _alone(origin: str, claim: str) -> float:
    members = set(rate("seed-grouped")[claim].reports)
    (rating,) = (one for one in rate_only("seed", only(origin, claim)).values() if members & set(one.reports))
    assert [one.origin for one in rating.said_so] == [origin]
    return rating.p


def test_the_grouping_touches_no_other_claim() -> None:
    grouped, plain = rate("seed-grouped"), rate("seed")
    others = {claim: rating.rating for claim, rating in grouped.items() if claim not in TWICE_TOLD}
    assert others == {claim: rating.rating for claim, rating in plain.items() if claim in others}
    assert len(plain) == len(grouped) + 2
