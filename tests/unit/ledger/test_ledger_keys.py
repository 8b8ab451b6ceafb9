"""What an entry of many names is found by."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledgers import BEGAN, decide, record, record_many

from reliability.ledger.entry import Draft, moment
from reliability.ledger.index import Wanted
from reliability.ledger.keys import WIDTH, Subject, keys_differ
from reliability.ledger.redaction import redact
from reliability.ledger.replay import problems
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A run of a hundred claims, between two of few."""
    made = Ledger.open(tmp_path / "ledger", create=True)
    record(made, "claim-007")
    record_many(made)
    decide(made, "claim-099")
    return made


def numbers(ledger: Ledger, *subjects: tuple[Subject, str]) -> list[int]:
    return [one.entry.seq for one in ledger.found(Wanted(subjects), 100)]


def test_an_entry_of_many_names_is_found_by_each_of_them_and_by_no_other(ledger: Ledger) -> None:
    assert numbers(ledger, ("claim", "claim-007")) == [1, 2]
    assert numbers(ledger, ("claim", "claim-099")) == [2, 3]
    assert all(numbers(ledger, ("source", f"SOURCE  {number:03}")) == [2] for number in range(100))
    assert numbers(ledger, ("source", "the quay"), ("rule", "relay.paraphrase")) == [1, 2]
    assert numbers(ledger, ("claim", "claim-007"), ("claim", "claim-008"), ("kind", "rating")) == [2]
    assert numbers(ledger, ("claim", "claim-100")) == numbers(ledger, ("source", "claim-007")) == []
    assert (verify(ledger, contents=True).findings, verify(ledger).remarks) == ((), ())


@pytest.mark.parametrize("data", [b"", b"1234567"])
def test_what_is_no_keys_is_passed_over_and_found_by_a_replay(ledger: Ledger, data: bytes) -> None:
    details = ledger.entry("2").entry.blob("details")
    assert details is not None
    with ledger.writing() as writing:
        assert writing.again(details)
        writing.put("keys", data)
        ledger.append(Draft(at=moment(BEGAN), kind="rating"), writing)
    assert numbers(ledger, ("claim", "claim-008")) == [2, 4]
    assert verify(ledger).findings == ()
    assert keys_differ(ledger.entry("4"), ledger.blobs)


def test_keys_that_are_not_those_of_the_details_are_found_by_a_replay(ledger: Ledger) -> None:
    details = ledger.entry("2").entry.blob("details")
    assert details is not None
    with ledger.writing() as writing:
        assert writing.again(details)
        writing.put("keys", bytes(9 * WIDTH))
        run = ledger.entry("2").entry.run
        forged = ledger.append(Draft(at=moment(BEGAN), kind="rating", run=run), writing)
    assert verify(ledger).findings == ()
    assert not keys_differ(ledger.entry("2"), ledger.blobs)
    assert next(problems(forged, ledger)) == "its keys, by which it is found, are not those of its details"


def test_with_an_entrys_details_go_its_keys(ledger: Ledger) -> None:
    entry = ledger.entry("2").entry
    details, keys = entry.blob("details"), entry.blob("keys")
    assert details is not None
    assert keys is not None
    redact(ledger, [details.content], at=BEGAN, by="A. Editor", why="asked for")
    assert not ledger.blobs.place(keys.content).exists()
    assert numbers(ledger, ("source", "Source 001")) == []
    assert (verify(ledger, contents=True).findings, verify(ledger).remarks) == ((), ())


def test_a_run_whose_keys_were_removed_can_be_recorded_once_more(ledger: Ledger) -> None:
    details = ledger.entry("2").entry.blob("details")
    assert details is not None
    redact(ledger, [details.content], at=BEGAN, by="A. Editor", why="asked for")
    placed = record_many(ledger, note="another")
    assert placed.entry.blob("keys") is None
    assert numbers(ledger, ("source", "Source 001")) == [placed.entry.seq]
