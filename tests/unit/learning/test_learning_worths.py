"""What a type's mean is worth to its sources, type by type."""

from collections.abc import Mapping

import numpy as np
import pytest

from reliability.learning.records import LearnedRecords, learn_records
from reliability.learning.records_evidence import Said
from reliability.rules.track_record import Pool


def simulated(seed: int, worths: Mapping[str, float], n_sources: int = 60, n: int = 12) -> LearnedRecords:
    """Sources whose shares of true assertions scatter about .6 with their type's worth."""
    rng = np.random.default_rng(seed)
    rows = []
    for kind, worth in worths.items():
        for source in range(n_sources):
            share = rng.beta(0.6 * worth, 0.4 * worth)
            rows += [Said(f"{kind}{source}", kind, None, f"{kind}{source}-{at}", "asserts", float(rng.random() < share))
                     for at in range(n)]  # fmt: skip
    return learn_records(rows)


def of_types(learned: LearnedRecords) -> dict[str, Pool]:
    return {str(pool.type): pool for pool in learned.pools if pool.level == "type"}


@pytest.mark.parametrize("seed", range(3))
def test_types_that_differ_have_each_their_worth_within_its_interval(seed: int) -> None:
    true = {"company": 3.0, "expert": 60.0, "media": 10.0}
    found = of_types(simulated(seed, true))
    worths = {kind: pool.source_worth or 0.0 for kind, pool in found.items()}
    assert worths["company"] < worths["media"] < worths["expert"]
    for kind, worth in true.items():
        low, high = found[kind].source_worth_low or 0.0, found[kind].source_worth_high or 0.0
        assert low / 1.5 < worth < high * 1.5
        assert low < worths[kind] < high


@pytest.mark.parametrize("seed", range(3))
def test_types_that_do_not_differ_share_one_worth(seed: int) -> None:
    found = of_types(simulated(seed, {"company": 10.0, "expert": 10.0, "media": 10.0}))
    assert len({pool.source_worth for pool in found.values()}) == 1


def test_a_source_is_drawn_to_its_type_as_far_as_its_type_s_members_are_alike() -> None:
    learned = simulated(1, {"company": 2.0, "expert": 100.0})

    def spread(kind: str) -> float:
        return float(np.std([one.record.p_true or 0.0 for one in learned.sources.values() if one.kind == kind]))

    assert spread("company") > 2.5 * spread("expert")


def test_of_one_type_there_is_nothing_to_tell_apart() -> None:
    (pool,) = of_types(simulated(2, {"media": 10.0})).values()
    assert pool.source_worth is not None
    assert 4.0 < pool.source_worth < 25.0
