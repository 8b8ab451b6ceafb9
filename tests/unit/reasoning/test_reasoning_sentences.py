"""The paragraph: likelihood and confidence in sentences of their own, who, what is unknown, on what numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from strategies import Case, cases, link, numbered, report, shipped

from reliability.io.notebook import rating_html
from reliability.model.rating import Rating
from reliability.reasoning.rationale import Context, ratings_of
from reliability.reasoning.sentences import (
    LEAST_SHARE,
    firmness,
    left_out,
    likelihood,
    paragraph,
    percent,
    spread,
    tipping,
)

pytestmark = pytest.mark.usefixtures("few_draws")


def of(*reports: object) -> Rating:
    (found,) = ratings_of(numbered(reports), Context(shipped(), "test", {}))
    return found


def agency_against_government() -> Rating:
    return of(
        report(link("Service", "intelligence-agency"), link("ABC", "media")),
        report(link("Ministry", "government"), link("ABC", "media"), stance="denies"),
        report(link("Another", "government"), link("Wire", "wire-agency"), stance="denies"),
    )


def test_who_says_so_and_who_denies_it_and_where_it_was_read() -> None:
    text = paragraph(agency_against_government())
    assert (
        "3 independent origins speak to it, read in 2 outlets: it is asserted by Service and denied by "
        "Another and Ministry." in text
    )


def test_one_origin_is_one() -> None:
    text = paragraph(of(report(link("Service", "intelligence-agency"), link("ABC", "media"))))
    assert "1 independent origin speaks to it, read in 1 outlet: it is asserted by Service." in text


def test_what_is_unknown_is_counted_and_the_most_telling_is_asked() -> None:
    rating = of(report(link("Ryu", "defector-testimony"), link("ABC", "media")))
    open_ = {(one.label, missing.missing) for one in rating.links for missing in one.undecided}
    settling = [row for row in rating.next_checks if row["check"].startswith("settle for ")]
    text = paragraph(rating)
    assert f"{len(open_)} facts that rules ask for are not known; what would tell most, of Ryu: " in text
    assert settling[0]["check"].removeprefix("settle for ") in text


def test_many_names_are_cut_and_counted() -> None:
    rating = of(*(report(link(f"S{i}", "government"), link("ABC", "media")) for i in range(7)))
    assert "asserted by S0, S1, S2, S3 and 3 more." in paragraph(rating)


@given(cases(max_reports=4))
def test_likelihood_and_confidence_never_share_a_sentence(case: Case) -> None:
    for rating in ratings_of(case.reports, Context(case.policy, "test", {})):
        text = paragraph(rating)
        assert text.startswith(likelihood(rating))
        assert text.endswith(firmness(rating))
        assert "onfidence" not in likelihood(rating)
        assert f"{percent(rating.rating.elicited_share)} of the weight rests on elicited numbers." in text
        if rating.rating.assessed:
            assert f"{rating.icd203}, {percent(rating.p)}" in text
        else:
            assert rating.icd203 is None
            assert text.startswith("Not assessed")


def test_tipping_sentences_say_which_word_lies_on_which_side() -> None:
    (said,) = tipping(of(report(link("Service", "intelligence-agency"), link("ABC", "media"))))
    assert said.startswith("Service is taken to be right 85% of the time at even odds; at 50% the rating would be 50%")
    words = re.findall(r"“([a-z ]+)” (above|below) (\d+)%", said)
    assert [(word, side) for word, side, _ in words] == [
        ("roughly even chance", "below"), ("likely", "below"), ("almost certain", "above"),
    ]  # fmt: skip


def test_a_bloc_with_one_member_is_left_out_once() -> None:
    """The NIS is all there is of South Korea's bloc; with a ministry beside it there are three parts."""
    nis = report(link("National Intelligence Service", "intelligence-agency"), link("ABC", "media"))
    alone = of(nis, report(link("Ryu", "defector-testimony"), link("ABC", "media")))
    assert [one.label for one in alone.without] == ["South Korea", "Ryu", "National Intelligence Service"]
    assert [line.split(" this")[0] for line in left_out(alone)] == [
        "Without South Korea (only National Intelligence Service)", "Without Ryu",
    ]  # fmt: skip
    both = of(nis, report(link("South Korean Ministry of Unification", "government"), link("ABC", "media")))
    assert both.without[0].label == "South Korea"
    assert len(left_out(both)) == len(both.without) == 3


def test_a_figures_tipping_is_how_often_its_source_knows_it() -> None:
    about = {"value": 300, "op": "about", "unit": "killed"}
    rating = of(report(link("Service", "intelligence-agency"), link("ABC", "media"), quantity=about))
    (line,) = tipping(rating)
    assert line.startswith("Service is taken to know the figure 95% of the time; ")


def test_the_spread_names_whose_record_would_narrow_it() -> None:
    rating = of(report(link("He", "defector-testimony")), report(link("Service", "intelligence-agency")))
    assert rating.interval is not None
    first = rating.interval.shares[0]
    errors, shares = spread(rating)
    assert f"over {rating.interval.points:,} points" in errors
    assert f"A better record of {first.source} would narrow it most." in shares
    assert all((one.source in shares) == (one.share >= LEAST_SHARE) for one in rating.interval.shares)


def test_a_notebook_shows_the_paragraph_escaped() -> None:
    import reliability.api  # noqa: F401  notebooks get ratings from it

    rating = of(report(link("<b>He</b>", "government"), link("ABC", "media")))
    shown = rating._repr_html_()
    assert shown == rating_html(rating)
    assert "&lt;b&gt;He&lt;/b&gt;" in shown
    assert "<b>He" not in shown
