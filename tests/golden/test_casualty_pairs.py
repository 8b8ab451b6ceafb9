"""The table of casualty pairs is what the package rates, and what brute force computes."""

from __future__ import annotations

import pytest

from . import casualty_pairs
from .sets import rate


def test_the_table_in_the_fixtures_note_is_brute_forces() -> None:
    assert casualty_pairs.table() in (casualty_pairs.FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", list(casualty_pairs.rows()), ids=lambda row: row[0])
def test_the_package_reads_each_pair_as_brute_force_does(row: tuple[str, str, str, str, str, float]) -> None:
    claim, _, stated, _, both, p = row
    quantity = rate(casualty_pairs.NAME)[claim].quantity
    assert quantity is not None
    assert quantity["p_as_stated"] == pytest.approx(p, abs=1e-4)
    found = " / ".join(casualty_pairs.people(quantity[end]) for end in ("low", "best", "high"))
    assert (found, f"{quantity['stated']:,} {quantity['unit']}") == (both, stated)


def test_two_registers_agree_and_ten_times_as_many_do_not() -> None:
    found = rate(casualty_pairs.NAME)
    for claim in ("registered", "buried"):
        assert found[claim].p > 0.95
        assert "contested" not in found[claim].flags
    for claim in ("three-hundred", "three-thousand"):
        assert found[claim].p < 0.4
        assert "contested" in found[claim].flags
    far = found["three-hundred"].quantity
    assert far is not None
    assert far["low"] < 300 < 3_000 < far["high"]
    density = dict(map(tuple, far["density"]))
    near, between, other = (max(p for x, p in density.items() if low <= x <= high)
                            for low, high in ((250, 420), (800, 1_100), (2_400, 4_200)))  # fmt: skip
    assert between < min(near, other)
