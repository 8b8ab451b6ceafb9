"""The settled historical claims, and the policy's record on them."""

import csv
from itertools import product

import numpy as np
import pytest
from measure.history import HISTORY, asserting, auc, brier_at, by_type, rated, scores, settled, withheld

from reliability.io.adjudications import read_adjudications
from reliability.lab.scores import squared_errors
from reliability.model.dates import date_span
from reliability.rules.policy import Policy

FOUND = settled()
POLICY = Policy.load()


def test_every_claim_has_reports_and_a_reference() -> None:
    with (HISTORY / "references.csv").open(encoding="utf-8", newline="") as file:
        references = {row["claim"]: row["reference"] for row in csv.DictReader(file)}
    assert {one.claim for one in FOUND.reports} == set(FOUND.claims) == set(references)
    assert all(references.values())
    assert len(FOUND.claims) >= 120
    assert 0.45 < FOUND.truth.mean() < 0.55


def test_no_report_is_later_than_its_claims_adjudication() -> None:
    adjudicated = read_adjudications(HISTORY / "adjudicated.csv")
    assert not adjudicated.rejects
    ends = {one.adjudication.claim: one.adjudication.date for one in adjudicated.settled}
    late = [
        one.id
        for one in FOUND.reports
        if one.published is None
        or (end := ends[str(one.claim)]) is None
        or date_span(one.published)[0] > date_span(end)[1]
    ]
    assert late == []


def test_every_type_and_fact_is_one_that_the_policy_knows() -> None:
    links = [link for one in FOUND.reports for link in one.provenance]
    assert {link.type for link in links} <= set(POLICY.types)
    assert {name for link in links for name in link.facts} <= set(POLICY.facts)


def test_the_policy_tells_claims_apart_in_both_halves() -> None:
    """Above chance's .5 and below the Brier score of both baselines, on the half whose misses were not read too."""
    p, share = rated(FOUND, POLICY), asserting(FOUND)
    for half in (FOUND.first_half, ~FOUND.first_half):
        truth = FOUND.truth[half]
        brier = squared_errors(p[half], truth).mean()
        assert brier <= 0.195
        assert brier < squared_errors(share[half], truth).mean()
        assert brier < truth.mean() * (1 - truth.mean())
        assert auc(p[half], truth) >= 0.78


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    p, truth = np.array([0.1, 0.4, 0.4, 0.8, 0.3]), np.array([0.0, 1.0, 0.0, 1.0, 1.0])
    pairs = [(a, b) for a, b in product(range(5), repeat=2) if truth[a] > truth[b]]
    right = sum((p[a] > p[b]) + (p[a] == p[b]) / 2 for a, b in pairs)
    assert auc(p, truth) == pytest.approx(right / len(pairs))


def test_weighted_to_its_own_share_of_true_claims_the_brier_score_is_itself() -> None:
    p, truth = np.array([0.2, 0.9, 0.6]), np.array([0.0, 1.0, 0.0])
    assert brier_at(p, truth, 1 / 3) == pytest.approx(squared_errors(p, truth).mean())
    assert brier_at(p, truth, 1.0) == pytest.approx(0.01)


def test_withholding_facts_leaves_everything_else() -> None:
    bare = withheld(FOUND, lambda key: False)
    assert not any(link.facts for one in bare.reports for link in one.provenance)
    assert [one.key for one in bare.reports] == [one.key for one in FOUND.reports]
    assert withheld(FOUND, lambda key: True).reports == FOUND.reports


def test_the_tables_have_a_line_for_each_way_of_looking() -> None:
    assert len(scores(FOUND, POLICY).splitlines()) == 2 + 7
    kinds = {one.provenance[0].type for one in FOUND.reports}
    assert len(by_type(FOUND, rated(FOUND, POLICY)).splitlines()) == 2 + len(kinds)
