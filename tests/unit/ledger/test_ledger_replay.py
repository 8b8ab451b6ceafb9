"""What was recorded comes out the same; where an engine makes it otherwise, which numbers and by how much."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ledgers import BEGAN, KEPT, ROOT, copied, record_file, said, some

from reliability import api
from reliability.errors import LedgerError, UsageError
from reliability.ledger.redaction import redact, removable
from reliability.ledger.replay import problems, replay
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify


@pytest.fixture
def kept(tmp_path: Path) -> Ledger:
    return copied(KEPT, tmp_path / "kept")


@pytest.mark.parametrize("name", ["1", "2", "3", "4"])
def test_what_the_first_commit_recorded_replays_from_its_files(kept: Ledger, name: str) -> None:
    found = replay(kept.entry(name), kept)
    assert found.same
    assert found.from_files
    assert found.remarks == ()
    if not [one for one in found.versions if one[0] in api.libraries()]:
        assert found.identical, "to the byte"


def test_it_replays_in_another_process_without_random_hashes(kept: Ledger) -> None:
    """With another seed all four do, by command: see `tests/cli/test_audit.py`."""
    code = ("import sys; from pathlib import Path; from reliability.ledger.store import Ledger; "
            "from reliability.ledger.replay import replay; ledger = Ledger.open(Path(sys.argv[1]));"
            "print([replay(ledger.entry(name), ledger).same for name in '12'])")  # fmt: skip
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run([sys.executable, "-c", code, str(kept.folder)], capture_output=True, text=True, env=env)
    assert (done.stdout.strip(), done.stderr) == ("[True, True]", "")


def _other_engine(monkeypatch: pytest.MonkeyPatch, by: float) -> None:
    """An engine whose p is another."""
    before = api.rate_reports

    def rated(*given: Any, **more: Any) -> api.Outcome:
        outcome = before(*given, **more)
        ratings = [one.model_copy(update={"rating": one.rating.model_copy(update={"p": round(one.p + by, 4)})})
                   for one in outcome.ratings]  # fmt: skip
        return api.Outcome(tuple(ratings), outcome.reports)

    monkeypatch.setattr(api, "rate_reports", rated)
    monkeypatch.setattr("reliability.ledger.replay.ENGINE", "0.2.0")


def test_another_engine_s_numbers_are_told_and_by_how_much(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    _other_engine(monkeypatch, 0.125)
    found = replay(kept.entry("2"), kept)
    assert not found.same
    assert [one.where for one in found.differences] == ["rating.p"] * 4
    assert [one.by for one in found.differences] == pytest.approx([0.125] * 4)
    assert ("engine", "0.1.0", "0.2.0") in found.versions
    (said,) = problems(kept.entry("2"), kept)
    assert "engine 0.1.0 → 0.2.0" in said
    checked = verify(kept, check=lambda placed: problems(placed, kept) if placed.entry.seq == 2 else iter(()))
    assert [one.entry for one in checked.findings] == [2]


def test_versions_that_records_name_are_not_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = some(tmp_path / "ledger", 1)
    (tmp_path / "r.jsonl").write_text(said("bridge").model_dump_json(exclude_none=True), encoding="utf-8")
    record_file(ledger, tmp_path / "r.jsonl")
    monkeypatch.setattr(api, "libraries", lambda: {"numpy": "9.9", "pydantic": "9.9", "scipy": "9.9"})
    found = replay(ledger.entry("last"), ledger)
    assert (found.same, found.identical) == (True, False)


def test_a_file_that_was_removed_leaves_the_recorded_reports_to_be_rated(kept: Ledger) -> None:
    placed = kept.entry("1")
    (blob,) = (one for one in placed.entry.blobs if one.role == "input")
    redact(kept, [blob.content], at=BEGAN, by="Legal", why="a name")
    found = replay(placed, kept)
    assert (found.identical, found.from_files) == (True, False)
    assert "was removed" in found.remarks[0]
    ratings = placed.entry.blob("ratings")
    assert ratings is not None
    redact(kept, [ratings.content], at=BEGAN, by="Legal", why="a name")
    with pytest.raises(LedgerError, match="not there any more"):
        replay(placed, kept)


def test_an_entry_that_lost_contents_by_order_is_no_finding_of_verify_but_said(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger", create=True)
    for claim in ("bridge", "quay"):
        path = tmp_path / f"{claim}.jsonl"
        path.write_text(said(claim).model_dump_json(exclude_none=True), encoding="utf-8")
        record_file(ledger, path)
    redact(ledger, [blob.content for blob in removable(ledger.entry("1"))], at=BEGAN, by="Legal", why="a name")
    found = verify(ledger, check=lambda placed: problems(placed, ledger))
    assert found.findings == ()
    assert [one for one in found.remarks if "entry 1" in one and "not computed again" in one]


def test_only_ratings_can_be_replayed(tmp_path: Path) -> None:
    ledger = some(tmp_path / "ledger", 2)
    with pytest.raises(UsageError, match="of kind override"):
        replay(ledger.entry("2"), ledger)
    assert list(problems(ledger.entry("2"), ledger)) == []


def test_a_file_changed_while_it_was_read_is_not_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = some(tmp_path / "ledger", 1)
    path = tmp_path / "r.jsonl"
    path.write_text(said("bridge").model_dump_json(exclude_none=True), encoding="utf-8")
    before = api.rate_reports

    def rated(*given: Any, **more: Any) -> api.Outcome:
        path.write_text("{}", encoding="utf-8")
        return before(*given, **more)

    monkeypatch.setattr(api, "rate_reports", rated)
    with pytest.raises(api.InputError, match="changed while it was read"):
        record_file(ledger, path)
    assert verify(ledger).entries == 1
    assert list(ledger.blobs.folder.rglob("*.part")) == []


def test_a_policy_is_kept_with_all_that_it_inherits(tmp_path: Path) -> None:
    from reliability import Policy
    from reliability.ledger.policies import packed, unpacked

    own = tmp_path / "own"
    (own / "source-types").mkdir(parents=True)
    (own / "policy.toml").write_text(f'inherits = "{ROOT / "rules"}"\nwithout = []\n', encoding="utf-8")
    text = (ROOT / "rules" / "source-types" / "government.toml").read_text(encoding="utf-8")
    (own / "source-types" / "government.toml").write_text(text.replace("p = 0.75", "p = 0.65"), encoding="utf-8")
    there = tmp_path / "elsewhere"
    there.mkdir()
    data = packed(own)
    assert packed(own) == data
    unpacked(data, there)
    (own / "policy.toml").unlink()
    loaded = Policy.load(there)
    assert loaded.types["government"].effect[0].p == 0.65
    assert packed(there) == data
