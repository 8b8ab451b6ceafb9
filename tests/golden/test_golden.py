"""Ratings are as the golden files have them.

After a change that is meant: `python -m tests.golden.rewrite` in the repository's root, then read the diff.
"""

import json

import pytest

from .sets import GOLDEN, NAMES, SEEDS, compact, expected, golden_file, rate


@pytest.mark.parametrize("name", [*SEEDS, *NAMES])
def test_ratings_are_as_they_were(name: str) -> None:
    kept = [json.loads(line) for line in golden_file(name).read_text(encoding="utf-8").splitlines()]
    now = [compact(rating) for _, rating in sorted(rate(name).items())]
    assert [one["claim"] for one in now] == [one["claim"] for one in kept]
    for was, one in zip(kept, now, strict=True):
        assert one == was


def test_every_golden_file_has_its_set() -> None:
    assert {path.stem for path in GOLDEN.glob("*.jsonl")} == {*SEEDS, *NAMES}
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_each_claim_of_a_fixture_rates_as_its_note_expects(name: str) -> None:
    assert {claim: rating.p for claim, rating in rate(name).items()} == expected(name)


@pytest.mark.parametrize("name", [*SEEDS, *NAMES])
def test_bars_add_up_to_the_weight(name: str) -> None:
    for rating in rate(name).values():
        bars = rating.waterfall if rating.alternatives is None else rating.waterfall[1:]
        assert sum(bar.db for bar in bars) == pytest.approx(rating.rating.weight_db, abs=1e-9)
        last = rating.waterfall[-1].p_after
        assert rating.p in (last if isinstance(last, tuple) else (last,))
