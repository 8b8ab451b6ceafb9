"""What people do to a ledger: decide, remove for a reason, keep names out of it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from ledgers import BEGAN, copied, decide, policy, record, said, some

from reliability import InputError
from reliability.errors import LedgerError, UsageError
from reliability.ledger.details import decision_of, details_of
from reliability.ledger.entry import Draft, moment
from reliability.ledger.holding import holding
from reliability.ledger.index import Wanted
from reliability.ledger.pseudonyms import Confidential, Disguise, read_confidential
from reliability.ledger.redaction import entries_with, redact, removable
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify
from reliability.rules.directory import Directory
from reliability.rules.schema import SourceEntry

OFFICE = "Harbour Office of Quillport"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return some(tmp_path / "ledger", 4)


def held(ledger: Ledger, text: str) -> list[str]:
    """Files of the store whose bytes, unpacked, hold a text: looked for without the ledger's own help."""
    from backports import zstd

    found = []
    for path in sorted(ledger.folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            data = zstd.decompress(data) if path.suffix == ".zst" else data
            found += [path.name] if text.encode() in data or text.casefold().encode() in data else []
    return found


def test_entries_that_share_a_content_are_named_before_it_goes(tmp_path: Path) -> None:
    shared = Ledger.open(tmp_path / "shared", create=True)
    for number, claim in enumerate(("bridge", "quay", "bridge")):
        record(shared, claim, number=number)
    assert entries_with(shared, [blob.content for blob in removable(shared.entry("1"))]) == (1, 3)


def test_a_decision_is_an_entry_with_who_when_what_and_why(ledger: Ledger) -> None:
    placed = decide(ledger, "quay", number=9)
    decision = decision_of(placed, ledger.blobs)
    assert decision is not None
    assert (placed.entry.kind, placed.entry.by, placed.entry.at) == (
        "override", "A. Editor", "2026-11-26T12:00:09.000000Z")  # fmt: skip
    assert (decision.subject, decision.old, decision.new, decision.why) == (
        "quay",
        "likely",
        "settled: true",
        "seen, 9",
    )
    assert [one.entry.seq for one in ledger.found(Wanted([("claim", "quay")]), 10)] == [5]


def test_a_name_can_be_removed_from_the_whole_store_and_the_chain_still_verifies(ledger: Ledger) -> None:
    assert len(held(ledger, OFFICE)) > 3
    before = verify(ledger).head
    blobs = holding(ledger, OFFICE)
    placed = redact(ledger, [one.content for one in blobs], at=BEGAN, by="Legal", why="a court's order")
    assert held(ledger, OFFICE) == []
    found = verify(ledger, head=before, contents=True)
    assert (found.findings, found.remarks, found.entries) == ((), (), 5)
    assert placed.entry.tombstone is not None
    assert (placed.entry.by, placed.entry.tombstone.why) == ("Legal", "a court's order")
    assert ledger.found(Wanted([("source", OFFICE)]), 10) == []
    assert details_of(ledger.entry("1"), ledger.blobs) is None


@pytest.mark.parametrize("name", ['Zoë "Z" Übermaß', "Zoë\n\U0001f600"])
def test_a_name_is_found_however_json_and_unicode_write_it(tmp_path: Path, name: str) -> None:
    upper = re.sub(r"u[0-9a-f]{4}", lambda found: "u" + found[0][1:].upper(), json.dumps(name))
    written = {json.dumps(name), upper, json.dumps(name, ensure_ascii=False), unicodedata.normalize("NFD", name), name}
    ledger = Ledger.open(tmp_path / "ledger", create=True)
    for text in [*sorted(written), "Zoe", name[:-1]]:
        with ledger.writing() as writing:
            writing.put("input", text.encode())
            ledger.append(Draft(at=moment(BEGAN), kind="rating"), writing)
    assert {ledger.blobs.read(blob).decode() for blob in holding(ledger, name)} == written


def test_what_was_removed_does_not_come_back(ledger: Ledger) -> None:
    blobs = removable(ledger.entry("1"))
    redact(ledger, [one.content for one in blobs], at=BEGAN, by="Legal", why="order")
    with pytest.raises(LedgerError, match="removed from this ledger by order"):
        record(ledger, "claim-0", number=0, by="B. Desk")
    assert verify(ledger).findings == ()
    assert list(ledger.blobs.folder.rglob("*.part")) == []


def test_a_removal_that_was_stopped_half_way_is_told_and_completed(ledger: Ledger, tmp_path: Path) -> None:
    blob = removable(ledger.entry("1"))[0]
    kept = copied(ledger.folder, tmp_path / "before").blobs.place(blob.content).read_bytes()
    redact(ledger, [blob.content], at=BEGAN, by="Legal", why="order")
    ledger.blobs.place(blob.content).write_bytes(kept)
    (finding, *_) = verify(ledger).findings
    assert "still there" in finding.problem
    redact(ledger, [blob.content], at=BEGAN, by="Legal", why="order")
    assert verify(ledger).findings == ()


def test_a_policy_can_t_be_removed_by_its_digest(ledger: Ledger) -> None:
    policies = [one.content for one in ledger.entry("1").entry.blobs if one.role == "policy"]
    with pytest.raises(UsageError, match="is the policy of entry 1, which can't be removed"):
        redact(ledger, policies, at=BEGAN, by="Legal", why="order")
    assert verify(ledger).findings == ()
    assert ledger.blobs.has(policies[0])


def test_a_content_that_is_gone_without_a_tombstone_is_missed(ledger: Ledger) -> None:
    ledger.blobs.place(removable(ledger.entry("1"))[0].content).unlink()
    assert "missing" in verify(ledger).findings[0].problem


def test_the_policy_is_not_among_what_names_people(ledger: Ledger) -> None:
    assert {one.role for one in removable(ledger.entry("1"))} == {"reports", "ratings", "details"}
    with pytest.raises(UsageError, match="is empty"):
        holding(ledger, "  ")


KEY = "0b" * 32


def disguise(*names: str, key: str = KEY) -> Disguise:
    return Disguise(Confidential(key=key, names=names))


def by_definition(key: bytes, message: bytes) -> str:
    """HMAC as RFC 2104 defines it: H(K ⊕ opad, H(K ⊕ ipad, text))."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in block) + message).digest()
    return hashlib.sha256(bytes(one ^ 0x5C for one in block) + inner).hexdigest()


def test_a_pseudonym_is_keyed_and_the_same_however_the_name_is_written() -> None:
    expected = by_definition(bytes.fromhex(KEY), b"jane roe")[:16]
    assert {disguise().pseudonym(name) for name in ("Jane Roe", "JANE  ROE", "jane\nroe")} == {
        f"confidential-{expected}"}  # fmt: skip
    assert disguise(key="0c" * 32).pseudonym("Jane Roe") != disguise().pseudonym("Jane Roe")


def test_a_name_is_replaced_wherever_it_stands_in_a_report_and_nowhere_else() -> None:
    report = said("bridge", "Jane Roe", "private-person", id="roe-1", article="jane roe", event="2026",
                  text="JANE  ROE said that Jane Roe's bridge and Jane Roebuck's are closed")  # fmt: skip
    name = disguise().pseudonym("Jane Roe")
    found = disguise("Jane Roe").report(report)
    assert found.provenance[0].source == found.article == name
    assert found.text == f"{name} said that {name}'s bridge and Jane Roebuck's are closed"
    assert (found.id, found.provenance[0].type, found.event) == ("roe-1", "private-person", "2026")
    assert disguise().report(report) == report


def test_composed_and_decomposed_letters_are_one_name() -> None:
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, "José Íñiguez")  # type: ignore[arg-type]
        assert "Jos" not in disguise("José Íñiguez").text(f"so said {written}.")


def test_names_that_the_ledger_would_hold_elsewhere_are_refused() -> None:
    hidden = disguise("Jane Roe")
    with pytest.raises(InputError, match="holds a confidential name"):
        hidden.require_unnamed("--note", "asked jane roe")
    hidden.require_unnamed("--note", "asked Jane Roebuck")
    hidden.require_unknown(policy())
    entry = SourceEntry(name="Jane Roe", type="private-person")
    known = Directory.of([("mine", entry)])
    with pytest.raises(InputError, match="policy's sources"):
        hidden.require_unknown(replace(policy(), sources=known))


@pytest.mark.parametrize(
    "text", ["", "names = ['x']", f"key = '{KEY[2:]}'", f"key = '{KEY}'\nname = 'x'", f"key = '{KEY}'\nnames = 3", "="]
)
def test_a_file_of_names_without_a_good_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "names.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_confidential(path)
