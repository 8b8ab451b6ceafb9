"""The picture of a figure in the terminal: its bars are the record's density."""

import re

from .command import FIXTURES, run

PAIRS = FIXTURES / "casualty-pairs" / "reports.jsonl"


def test_a_figures_picture_has_both_modes_and_marks_the_best_estimate() -> None:
    text = run("explain", "three-hundred", PAIRS, "--format", "table").out
    rows = re.findall(r"^ +([\d,]+) ([* ]) (#*) +([\d.]+)%$", text, flags=re.MULTILINE)
    bars = {int(value.replace(",", "")): len(bar) for value, _, bar, _ in rows}
    assert max(bars.values()) == 24
    low, between, high = (
        max(n for x, n in bars.items() if a < x < b) for a, b in ((200, 500), (600, 1_000), (2_000, 5_000))
    )
    assert between < min(low, high)
    (best,) = (int(value.replace(",", "")) for value, mark, _, _ in rows if mark == "*")
    assert 600 < best < 1_400
    assert abs(sum(float(p) for *_, p in rows) - 100) < 3


def test_a_claim_that_is_true_or_false_has_no_picture() -> None:
    assert "How many" not in run("explain", "bridge-by-one", FIXTURES / "circular-reporting" / "reports.jsonl").out
