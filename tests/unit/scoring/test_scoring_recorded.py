"""Records by class of claim, as they are rated with."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import beta
from strategies import link, p_true, report, small_policy

from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import Settled, TrackRecord
from reliability.scoring.recorded import ByClass
from reliability.scoring.records import posterior_fidelity

GRID = (np.arange(300) + 0.5) / 300
WAR, MONEY = "war", "money"


def record(counts: dict[str, tuple[int, int]], worth: float | None, **more: object) -> TrackRecord:
    """So many of a class right, and so many wrong, all asserted."""
    settled = [Settled(claim=f"{name}-{kind}-{n}", truth=float(kind == "hit"), claim_class=name)
               for name, pair in counts.items() for kind, times in zip(("hit", "miss"), pair, strict=True)
               for n in range(times)]  # fmt: skip
    return TrackRecord(settled=tuple(settled), class_worth=worth, **more)  # type: ignore[arg-type]


def by_enumeration(counts: dict[str, tuple[int, int]], worth: float, name: str, mean: float, n: float) -> float:
    """φ's mean in a class: the source's φ and each class's summed over a grid; at a base rate of ½ right is (1+φ)/2."""
    source = beta.pdf(GRID, mean * n, (1 - mean) * n)
    inner = beta.pdf(GRID[None, :], (GRID * worth)[:, None], ((1 - GRID) * worth)[:, None])
    inner /= inner.sum(axis=1, keepdims=True)
    for other, (hits, misses) in counts.items():
        chance = ((1 + GRID) / 2) ** hits * ((1 - GRID) / 2) ** misses
        if other != name:
            source = source * (inner @ chance)
    hits, misses = counts.get(name, (0, 0))
    here = (source / source.sum()) @ inner * ((1 + GRID) / 2) ** hits * ((1 - GRID) / 2) ** misses
    return float(here @ GRID / here.sum())


@given(
    counts=st.dictionaries(st.sampled_from([WAR, MONEY, "sport"]), st.tuples(*[st.integers(0, 12)] * 2), max_size=3),
    worth=st.sampled_from([3.0, 10.0, 40.0]),
)
def test_the_fidelity_in_a_class_is_near_what_summing_over_both_levels_gives(
    counts: dict[str, tuple[int, int]], worth: float
) -> None:
    found = ByClass(record(counts, worth))
    mean, _ = found.fidelity((0.6, 8.0), found.without(frozenset()), WAR)
    assert mean == pytest.approx(by_enumeration(counts, worth, WAR, 0.6, 8.0), abs=0.015)


def test_classes_that_scatter_not_at_all_are_one_record() -> None:
    found = ByClass(record({WAR: (8, 2), MONEY: (3, 5)}, 1e8))
    mean, _ = found.fidelity((0.6, 8.0), found.without(frozenset()), WAR)
    assert mean == pytest.approx(posterior_fidelity(0.6, 8.0, (11.0, 7.0, 0.0, 0.0), 0.5)[0], abs=0.01)


def rated(claim_class: str | None, known: TrackRecord, claim: str = "x") -> float:
    policy = small_policy(entries=[SourceEntry(name="Ada", type="agency", record=known)])
    return p_true([report(link("Ada", "agency", claim_class=claim_class), key="1", claim=claim)], policy)


def test_a_claim_is_rated_by_the_record_of_its_class() -> None:
    known = record({WAR: (20, 0), MONEY: (10, 10)}, 3.0)
    assert rated(WAR, known) > rated("sport", known) > rated(MONEY, known)


def test_a_claim_without_a_class_takes_from_all_classes() -> None:
    known = record({WAR: (20, 0), MONEY: (10, 10)}, 3.0)
    assert rated(None, known) == rated("sport", known)


def test_without_a_worth_classes_of_claims_change_nothing() -> None:
    known = record({WAR: (20, 0), MONEY: (10, 10)}, None)
    plain = TrackRecord(asserted_true=30, asserted_false=10)
    assert rated(WAR, known) == rated(MONEY, known) == rated(None, plain)


def test_the_claim_that_is_rated_does_not_count_in_its_class() -> None:
    known, less = record({WAR: (4, 0)}, 3.0), record({WAR: (3, 0)}, 3.0)
    assert rated(WAR, known, "war-hit-3") == rated(WAR, less, "war-hit-3")


@pytest.mark.parametrize("truth", [0.0, 1.0])
def test_whose_only_settled_claim_is_the_one_that_is_rated_has_no_record(truth: float) -> None:
    only = TrackRecord(settled=(Settled(claim="x", truth=truth),), fidelity=0.9, worth=50.0, base_rate=0.8)
    policy = small_policy(entries=[SourceEntry(name="Ada", type="agency")])
    assert rated(None, only) == p_true([report(link("Ada", "agency"), key="1", claim="x")], policy)
    assert rated(None, only, "another") != rated(None, only)


def test_what_is_expected_of_a_source_by_hand_acts_without_a_settled_claim() -> None:
    assert rated(None, TrackRecord(fidelity=0.9, worth=50.0)) > rated(None, TrackRecord(fidelity=0.2, worth=50.0))


def test_who_is_right_where_nearly_all_is_true_earns_less_there() -> None:
    often = record({WAR: (18, 2)}, 5.0, class_base_rates={WAR: 0.9})
    assert rated(WAR, often) < rated(WAR, record({WAR: (18, 2)}, 5.0))


def test_base_rates_of_classes_without_a_worth_are_refused() -> None:
    with pytest.raises(ValidationError, match="class_worth"):
        TrackRecord(class_base_rates={WAR: 0.5})


def test_a_rating_of_an_earlier_day_does_without_what_was_learned_later() -> None:
    known = TrackRecord(
        settled=(Settled(claim="a", truth=1.0, date="2020"), Settled(claim="b", truth=1.0, date="2024")),
        fidelity=0.9, worth=50.0, base_rate=0.8, class_worth=5.0, class_base_rates={WAR: 0.9}, learned_on="2024",
    )  # fmt: skip
    then = known.until(date(2021, 6, 1))
    assert then == TrackRecord(settled=(known.settled[0],), learned_on="2024")
    assert known.until(date(2024, 12, 31)) == known.until(None) == known
