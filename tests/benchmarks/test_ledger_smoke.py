"""The ledger's benchmark runs, on sizes for which its ratios mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import ledger


def test_what_is_measured_is_recorded_verified_and_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.main(["8", "1200", "1000000", "50"])
    printed = capsys.readouterr().out
    for part in (
        "recording ÷",
        "hashlib alone ÷ verify",
        "and every content's",
        "of 1 MB",
        "a batch of 50 claims",
        "index of 1,200",
        "a person and a month",
    ):
        assert part in printed
    large = ledger.large_ledger(1_200, tmp_path)
    (person, both, newest) = ledger.searching(large)
    assert (person, both) == ("a person (2 listed)", "a person and a month (1 listed)")
    assert newest == "the newest (1,000 listed)"
    assert ledger.verify(large).findings == ()
