"""Track records by class of claim: kept where counts speak for it, and nowhere else."""

from collections.abc import Sequence

import numpy as np
import pytest
from strategies import link, report, small_policy

from reliability.learning.records import LearnedRecords, learn_records
from reliability.learning.records_by_class import elsewhere
from reliability.learning.records_classes import class_base_rates
from reliability.learning.records_evidence import Said
from reliability.learning.records_said import from_reports
from reliability.model.adjudication import Adjudication
from reliability.model.report import Quantity


def simulated(seed: int, worth: float | None, base_rates: Sequence[float] = (0.5, 0.5, 0.5), n: int = 8) -> list[Said]:
    """Forty sources whose φ scatters by class with a worth (None: not at all), on claims of their own."""
    rng = np.random.default_rng(seed)
    rows = []
    for source in range(40):
        mean = rng.beta(6.0, 4.0)
        for name, base in enumerate(base_rates):
            phi = mean if worth is None else rng.beta(mean * worth, (1.0 - mean) * worth)
            for claim in range(n):
                true = rng.random() < base
                says = true if rng.random() < phi else rng.random() < 0.5
                rows.append(Said(f"s{source}", "media", None, f"{source}-{name}-{claim}",
                                 "asserts" if says else "denies", float(true), None, f"k{name}"))  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_where_sources_know_as_much_of_each_class_records_are_not_kept_by_class(seed: int) -> None:
    learned = learn_records(simulated(seed, None))
    assert learned.classes is None
    assert learned.n_classes == 3
    assert all(one.record.class_worth is None and not one.record.by_class for one in learned.sources.values())


def test_classes_of_which_more_is_true_are_no_reason_by_themselves() -> None:
    assert learn_records(simulated(1, None, (0.2, 0.5, 0.8))).classes is None


def test_where_they_do_not_the_worth_is_found_again() -> None:
    found = [learn_records(simulated(seed, 3.0, n=15)).classes for seed in range(3)]
    worths = [one.worth for one in found if one is not None]
    assert len(worths) == 3
    assert 1.5 < float(np.median(worths)) < 6.0


def test_a_next_claim_is_foretold_better_by_its_class() -> None:
    rows = simulated(5, 2.0, n=20)
    asked = [one for one in rows if one.claim.endswith("-0") and one.said == "asserts"]
    learned = learn_records([one for one in rows if one not in asked])

    def brier(by_class: bool) -> float:
        return float(np.mean([(learned.p_true(one.source, claim_class=one.claim_class if by_class else None)
                               - one.truth) ** 2 for one in asked]))  # fmt: skip

    assert brier(True) < brier(False)


def test_names_of_classes_and_sources_and_the_order_of_rows_do_not_matter() -> None:
    rows = simulated(5, 2.0)
    other = [Said(f"x{one.source}", one.kind, None, one.claim, one.said, one.truth, None,  # type: ignore[arg-type]
                  {"k0": "z", "k1": "y", "k2": "x"}[str(one.claim_class)]) for one in reversed(rows)]  # fmt: skip
    one, two = learn_records(rows), learn_records(other)

    def shares(learned: LearnedRecords, prefix: str, names: Sequence[str]) -> list[float]:
        return [learned.p_true(f"{prefix}s{n}", claim_class=name) for n in range(40) for name in names]

    assert shares(one, "", ("k0", "k1", "k2")) == pytest.approx(shares(two, "x", ("z", "y", "x")), abs=1e-6)


def test_an_unknown_source_has_what_claims_of_the_class_have() -> None:
    learned = learn_records(simulated(2, 2.0, (0.2, 0.5, 0.8), n=15))
    assert learned.classes is not None
    low, high = (learned.p_true("who?", "media", None, name) for name in ("k0", "k2"))
    assert low < learned.p_true("who?", "media", None, "k1") < high


def test_one_class_or_none_is_no_level() -> None:
    rows = [one for one in simulated(3, 2.0) if one.claim_class == "k0"]
    unnamed = [Said(one.source, one.kind, None, one.claim, one.said, one.truth) for one in rows]
    assert learn_records(rows).classes is None
    assert learn_records(unnamed).pools == learn_records(rows).pools


def test_more_classes_than_a_record_may_have_are_no_level() -> None:
    rows = [Said("a", "media", None, f"c{n}", "asserts", float(n % 2), None, f"k{n}") for n in range(101)]
    learned = learn_records(rows)
    assert (learned.classes, learned.n_classes) == (None, 101)


def test_shares_of_classes_lie_between_their_own_and_that_of_all() -> None:
    rates = class_base_rates({"a": [1.0] * 9 + [0.0], "b": [0.0] * 9 + [1.0], "c": [1.0, 0.0]}, 0.5)
    assert 0.1 < rates["b"] < rates["c"] < rates["a"] < 0.9


def test_odds_change_as_base_rates_do() -> None:
    assert elsewhere(0.8, 0.5, 0.5) == pytest.approx(0.8)
    assert elsewhere(0.5, 0.5, 0.2) == pytest.approx(0.2)
    assert elsewhere(0.8, 0.5, 0.2) == pytest.approx(0.5)


def test_the_class_is_the_adjudication_s_else_the_fact_s_else_that_it_is_a_figure() -> None:
    reports = [
        report(link("Ada", "agency", claim_class="routine"), key="1", claim="a"),
        report(link("Ada", "agency", claim_class="routine"), key="2", claim="b"),
        report(link("Ada", "agency"), key="3", claim="c", quantity=Quantity(value=3, op="about", unit="killed")),
        report(link("Ada", "agency"), key="4", claim="d"),
    ]  # fmt: skip
    settled = [Adjudication(claim="a", truth=1.0, claim_class="war"),
               *(Adjudication(claim=claim, truth=1.0) for claim in "bcd")]  # fmt: skip
    found = {one.claim: one.claim_class for one in from_reports(reports, settled, small_policy()).said}
    assert found == {"a": "war", "b": "routine", "c": "figure", "d": None}
