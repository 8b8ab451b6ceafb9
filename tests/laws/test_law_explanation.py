"""The explanation is the calculation: bars, links and trees give back the rating."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from strategies import Case, cases, only, p_of, rated

from reliability.model.rounding import rounded
from reliability.reasoning.recompute import recompute

pytestmark = pytest.mark.usefixtures("few_draws")


def exact(bars: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(str(bar["db"])) for bar in bars), Decimal(0))


@given(cases(k=None, max_reports=5))
def test_the_rounded_bars_add_up_to_the_rounded_weight(case: Case) -> None:
    """For a question they are changes of the log-ratio, so that the prior's bar is not among them."""
    for record in rated(case.reports, case.policy):
        bars = record["waterfall"]
        assert (bars[0]["kind"], bars[-1]["kind"]) == ("prior", "common-error")
        counted = bars if len(record["tree"][0]["guess"]) == 2 else bars[1:]
        assert exact(counted) == Decimal(str(record["rating"]["weight_db"]))


@given(cases(k=None, max_reports=5))
def test_bars_are_what_the_children_of_the_common_error_add(case: Case) -> None:
    """One bar a child; after the last p is p; after the first it is the prior; all between are posteriors."""
    scored = only(case.reports, case.policy)
    for answer, record in enumerate(sorted(rated(case.reports, case.policy), key=lambda r: _place(r, scored.k))):
        prior, *children, last = record["waterfall"]
        tree = record["tree"]
        below = [node for node in tree if node["parent"] == 0]
        assert [(bar["label"], bar["kind"]) for bar in children] == [(n["label"], n["kind"]) for n in below]
        many = scored.k > 2
        assert prior["p_after"] == ([rounded(1 / scored.k, 4)] * scored.k if many else rounded(case.world.prior, 4)
                                    if scored.origins.counts.any() else 0.5)  # fmt: skip
        assert (last["p_after"][answer] if many else last["p_after"]) == record["rating"]["p"]
        assert record["rating"]["p"] == rounded(float(scored.p[answer, 0]), 4)
        if children and not many:
            apparent = np.log(scored.priors.prior[:, 0]) + scored.up.below[:, 0]
            p = 1 / (1 + np.exp(apparent[1] - apparent[0]))
            assert children[-1]["p_after"] == pytest.approx(p, abs=5.1e-5)


def _place(record: dict[str, Any], k: int) -> int:
    return 0 if k == 2 else record["alternatives"].index(record["claim"]["id"].partition("=")[2])


@given(cases(k=None, max_reports=6))
def test_a_record_recomputes_from_its_tree_alone(case: Case) -> None:
    expected = p_of(case.reports, case.policy)
    for record in rated(case.reports, case.policy):
        assert recompute(record).p == pytest.approx(expected.tolist(), abs=1e-4)


@given(cases(k=None, max_reports=5))
def test_links_account_for_their_weight(case: Case) -> None:
    """Base, shifts and clamp add up to each link's weight, to a hundredth a term."""
    for record in rated(case.reports, case.policy):
        for link in record["links"]:
            parts = [link["base_db"], link["clamp_db"], *(shift["db"] for shift in link["shifts"])]
            assert sum(parts) == pytest.approx(link["weight_db"], abs=0.006 * (len(parts) + 1))
            assert link["weight_db"] >= 0
            assert (link["clamp"] is None) == (abs(link["clamp_db"]) < 0.006)
