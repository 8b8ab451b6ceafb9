"""The ledger's commands, as people type them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reliability.ledger.store import Ledger

from .command import FIXTURES, OUTLET, SEED, assert_refused, lines, process, report, run

KEPT = FIXTURES / "ledger" / "ledger"
HEAD = "e207e2342a6117c680a6fd832278eecca93baec0fe1f88aefadf3a0231c553b5"
CIRCULAR = FIXTURES / "circular-reporting" / "reports.jsonl"
STATE = FIXTURES / "state-media"


@pytest.fixture
def kept(folder: Path) -> Path:
    """A copy of the ledger that the first commit recorded."""
    shutil.copytree(KEPT, folder / "kept")
    return folder / "kept"


def one(result: Any) -> Any:
    """The only record of a run that went well."""
    assert result.code == 0, result.err
    (record,) = result.records
    return record


def test_what_is_recorded_is_what_rate_prints(folder: Path) -> None:
    printed = run("rate", CIRCULAR, "--format", "jsonl")
    added = one(run("audit", "record", CIRCULAR, "--ledger", "led", "--note", "Monday", "--by", "A. Editor"))
    assert (added["entry"], added["claims"], added["reports"]) == (1, 3, 21)
    one_too = run("rate", CIRCULAR, "--ledger", "led", "--format", "jsonl")
    assert one_too.stdout == printed.stdout
    assert "recorded in led as entry 2" in one_too.err
    assert run("audit", "show", "1", "--ledger", "led", "--extract", "out").code == 0
    assert (folder / "out" / "ratings.jsonl").read_bytes() == printed.stdout
    assert (folder / "out" / "000001" / "reports.jsonl").read_bytes() == CIRCULAR.read_bytes()
    again = run("rate", "out/reports.jsonl", "--rules", "out/policy", "--format", "jsonl")
    assert again.stdout == printed.stdout
    assert_refused(run("audit", "show", "1", "--ledger", "led", "--extract", "out"), 2, "there already")
    listed = [(row["entry"], row["note"], row["by"]) for row in run("audit", "list", "--ledger", "led").records]
    assert listed == [(1, "Monday", "A. Editor"), (2, None, None)]


def test_the_kept_ratings_replay_by_command(kept: Path) -> None:
    record = one(run("audit", "replay", "2", "--ledger", kept))
    assert (record["same"], record["differences"], record["reports"]) == (True, [], [])


def test_the_kept_ratings_replay_in_a_process_of_their_own_with_another_hash_seed(kept: Path) -> None:
    found = process("audit", "verify", "--ledger", kept, "--replay", "--head", HEAD, env={"PYTHONHASHSEED": "77"})
    assert found.code == 0, found.err + found.out
    assert one(found)["entries"] == 4


def test_standard_input_and_articles_are_kept_and_replayed(folder: Path) -> None:
    text = lines(report(id="a"), {"claim": "c"})
    added = one(run("audit", "record", "-", "--input-format", "jsonl", "--ledger", "led", stdin=text.encode()))
    assert added["rejects"] == 1
    (folder / "x.txt").write_bytes(SEED.read_bytes())
    (folder / "x.meta.toml").write_text('publisher = "The Quay"\npublisher_type = "media"\n', encoding="utf-8")
    one(run("audit", "record", "x.txt", "--ledger", "led", "--as-of", "2026-11-20", *OUTLET))
    shown = one(run("audit", "show", "2", "--ledger", "led"))
    assert [blob["role"] for blob in shown["blobs"]][:2] == ["input", "sidecar"]
    (folder / "x.txt").unlink()
    for name in ("1", "2"):
        assert one(run("audit", "replay", name, "--ledger", "led"))["identical"] is True
    assert one(run("audit", "verify", "--ledger", "led", "--contents"))["ok"] is True


def test_head_prints_a_hash_that_verify_takes(kept: Path) -> None:
    assert run("audit", "head", "--ledger", kept).out == HEAD + "\n"
    assert one(run("audit", "verify", "--ledger", kept, "--head", HEAD))["head"] == HEAD
    run("audit", "head", "--ledger", kept, "-o", "head.json")
    assert run("audit", "verify", "--ledger", kept, "--head", "head.json").code == 0
    assert run("audit", "verify", "--ledger", kept, "--head", "0" * 63 + "1").code == 4
    assert_refused(run("audit", "verify", "--ledger", kept, "--head", "abc"), 3, "no hash, nor a file")


def test_what_was_altered_is_exit_4_with_the_first_bad_entry(kept: Path) -> None:
    path = kept / "entries.jsonl"
    data = bytearray(path.read_bytes())
    second = data.index(b"\n") + 50
    data[second] ^= 1
    path.write_bytes(bytes(data))
    found = run("audit", "verify", "--ledger", kept)
    assert found.code == 4
    (record,) = found.records
    assert (record["ok"], record["first_bad"]) == (False, 2)
    assert "ALTERED" in run("audit", "verify", "--ledger", kept, "--format", "table").out
    assert_refused(run("audit", "show", "2", "--ledger", kept), 4, "altered")
    data[-10] ^= 1
    path.write_bytes(bytes(data))
    assert_refused(run("audit", "record", CIRCULAR, "--ledger", kept), 4, "altered")


def test_a_store_that_cannot_be_opened_is_exit_4(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "notes.txt").write_text("x", encoding="utf-8")
    for command in (["list"], ["head"], ["verify"], ["show", "1"], ["replay", "1"], ["diff", "1", "2"],
                    ["prove", "1", "c"], ["record", CIRCULAR]):  # fmt: skip
        assert_refused(run("audit", *command, "--ledger", "mine"), 4, "mine")
    for command in (["list"], ["verify"]):
        assert_refused(run("audit", *command, "--ledger", "absent"), 4, "absent")
    assert_refused(run("rate", CIRCULAR, "--ledger", "mine"), 4, "mine")
    assert sorted(path.name for path in folder.rglob("*")) == ["mine", "notes.txt"]


def test_nothing_is_recorded_where_something_goes_wrong(folder: Path) -> None:
    (folder / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    for command in (["audit", "record"], ["rate"]):
        assert run(*command, "bad.jsonl", "--ledger", "led").code == 3
        assert not (folder / "led").exists()
    with Ledger.open(folder / "led", create=True).writing():
        pass  # as a writer leaves it that is killed before its first entry
    assert one(run("audit", "verify", "--ledger", "led"))["entries"] == 0
    assert run("audit", "list", "--ledger", "led").stdout == b""
    assert_refused(run("audit", "show", "last", "--ledger", "led"), 2, "no entries")
    assert_refused(run("audit", "record", "led", "--ledger", "led"), 3, "belongs to the ledger itself")
    planned = run("audit", "record", CIRCULAR, "--ledger", "new", "--dry-run")
    assert "would record in the ledger new" in planned.out
    assert not (folder / "new").exists()


def test_filters_and_diff_by_command(folder: Path) -> None:
    (folder / "a.jsonl").write_text(lines(report(id="a")), encoding="utf-8")
    (folder / "b.jsonl").write_text(lines(report(id="a"), report(id="b", provenance=[
        {"source": "Court of Velm", "type": "court-record"}])), encoding="utf-8")  # fmt: skip
    for name in ("a", "b"):
        one(run("audit", "record", f"{name}.jsonl", "--ledger", "led"))
    rows = run("audit", "list", "--ledger", "led", "--claim", "bridge").records
    assert [row["entry"] for row in rows] == [1, 2]
    assert rows[0]["p"] < rows[1]["p"]
    assert [row["entry"] for row in run("audit", "list", "--ledger", "led", "--source", "court of velm").records] == [2]
    assert run("audit", "list", "--ledger", "led", "--until", "2020-01-01").records == []
    assert len(run("audit", "list", "--ledger", "led", "--since", "2020-01-01", "--until", "9999-12-31").records) == 2
    capped = run("audit", "list", "--ledger", "led", "--most", "1")
    assert [row["entry"] for row in capped.records] == [2]
    assert "newest 1" in capped.err
    found = run("audit", "diff", "1", "2", "--ledger", "led")
    assert found.code == 1
    (moved,) = found.records[0]["moved"]
    assert {share["cause"]: share["db"] for share in moved["shares"]}["reports"] == moved["move_db"]
    assert run("audit", "diff", "1", "1", "--ledger", "led").code == 0
    assert "reports" in run("audit", "diff", "1", "2", "--ledger", "led", "--format", "table").out
    assert_refused(run("audit", "diff", "1", "2", "--ledger", "led", "--claim", "brigde"), 2, "bridge")


def test_people_s_decisions_and_removals_by_command(folder: Path) -> None:
    (folder / "a.jsonl").write_text(lines(report(id="a")), encoding="utf-8")
    one(run("audit", "record", "a.jsonl", "--ledger", "led"))
    made = ("audit", "override", "label", "bridge", "--ledger", "led", "--new", "true", "--by", "A. Editor")
    one(run(*made, "--old", "likely", "--why", "seen", "--about", "1"))
    assert_refused(run(*made, "--why", " "), 2, "--why")
    (row,) = run("audit", "list", "--ledger", "led", "--person", "A. Editor").records
    assert (row["what"], row["subject"], row["old"], row["new"], row["why"]) == (
        "label", "bridge", "likely", "true", "seen")  # fmt: skip
    removal = ("audit", "redact", "1", "--ledger", "led", "--by", "Legal", "--why", "order")
    assert len(run(*removal, "--dry-run").out.splitlines()) == 4
    assert len(one(run(*removal))["removed"]) == 4
    assert one(run("audit", "verify", "--ledger", "led"))["ok"] is True
    shown = run("audit", "show", "1", "--ledger", "led", "--format", "table").out
    assert shown.count("(removed)") == 4
    assert_refused(run("audit", "replay", "1", "--ledger", "led"), 4, "not there any more")
    assert_refused(
        run("audit", "redact", "sha256:0123456789", "--ledger", "led", "--by", "x", "--why", "y"), 2, "0 contents"
    )


def test_a_removal_spares_policies_and_its_reason_does_not_say_what_is_removed(folder: Path) -> None:
    one(run("audit", "record", CIRCULAR, "--ledger", "led"))
    removal = ("audit", "redact", "--ledger", "led", "--by", "Legal")
    blobs = one(run("audit", "show", "1", "--ledger", "led"))["blobs"]
    (policy,) = (blob["content"] for blob in blobs if blob["role"] == "policy")
    for more in ((), ("--dry-run",)):
        assert_refused(run(*removal, f"sha256:{policy}", "--why", "order", *more), 2, "is the policy of entry 1")
    assert_refused(run(*removal, "--holding", "Velmark", "--why", "the Velmark case"), 2, "--why")
    assert one(run("audit", "verify", "--ledger", "led"))["entries"] == 1


def test_a_corrected_source_type_is_one_that_the_policy_has(folder: Path) -> None:
    one(run("audit", "record", CIRCULAR, "--ledger", "led"))
    made = ("audit", "override", "source-type", "The Quay", "--ledger", "led", "--by", "A. Editor", "--why", "seen")
    assert_refused(run(*made, "--new", "goverment"), 2, "'government'")
    assert_refused(run(*made, "--new", "media", "--old", "wire"), 2, "--old")
    assert one(run(*made, "--new", "media", "--old", "wire-agency"))["entry"] == 2
    own = folder / "own"
    own.mkdir()
    assert_refused(run(*made, "--new", "media", "--rules", "own"), 3, "own")
    assert one(run("audit", "verify", "--ledger", "led"))["entries"] == 2


def test_tables_are_written_as_asked_and_what_is_none_is_refused(folder: Path) -> None:
    (folder / "a.jsonl").write_text(lines(report(id="a", text="=1+1|x")), encoding="utf-8")
    (folder / "b.jsonl").write_text(lines(report(id="a", text="=1+1|x"), report(id="b", provenance=[
        {"source": "Court of Velm", "type": "court-record"}])), encoding="utf-8")  # fmt: skip
    made = run("audit", "record", "a.jsonl", "--ledger", "led", "--format", "csv").out.splitlines()
    assert (made[0], made[1].split(",")[0]) == ("entry,hash,at,claims,reports,rejects", "1")
    one(run("audit", "record", "b.jsonl", "--ledger", "led"))
    moved = run("audit", "diff", "1", "2", "--ledger", "led", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(moved)))
    assert (rows[0]["cause"], rows[0]["text"]) == ("reports", "'=1+1|x")
    assert sum(float(row["share_db"]) for row in rows) == pytest.approx(
        float(rows[0]["after_db"]) - float(rows[0]["before_db"]))  # fmt: skip
    marked = run("audit", "diff", "1", "2", "--ledger", "led", "--format", "markdown").out.splitlines()
    assert [line.count("|") - line.count("\\|") for line in marked] == [10] * (2 + len(rows))
    assert run("audit", "replay", "1", "--ledger", "led", "--format", "csv").out == "claim,where,recorded,now,by\n"
    assert run("audit", "verify", "--ledger", "led", "--format", "csv").out == "entry,where,problem\n"
    assert run("audit", "list", "--ledger", "led", "--format", "markdown").out.startswith("| entry | at | kind |")
    (folder / "led" / "entries.jsonl").write_bytes(b"{}\n")
    found = run("audit", "verify", "--ledger", "led", "--format", "csv")
    assert (found.code, '1,"entries.jsonl, byte 0",is not a sealed line' in found.out) == (4, True)


@pytest.mark.parametrize("command", [["show", "1"], ["show", "1", "--claim", "bridge"], ["head"]])
@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_what_is_no_table_is_not_written_as_one(kept: Path, command: list[str], form: str) -> None:
    assert_refused(run("audit", *command, "--ledger", kept, "--format", form), 2, "--format")


def test_a_list_as_csv_has_what_its_json_has_and_no_formula(folder: Path) -> None:
    (folder / "a.jsonl").write_text(lines(report(id="a")), encoding="utf-8")
    one(run("audit", "record", "a.jsonl", "--ledger", "led", "--note", "=1+1", "--by", "A, B"))
    listing = ("audit", "list", "--ledger", "led", "--format")
    (record,) = run(*listing, "jsonl").records
    (row,) = csv.DictReader(io.StringIO(run(*listing, "csv").out))
    assert row == {name: "" if cell is None else str(cell) for name, cell in record.items()} | {"note": "'=1+1"}


def test_confidential_names_stay_outside_of_the_ledger(folder: Path) -> None:
    from backports import zstd

    key = "0c" * 32
    (folder / "names.toml").write_text(f'key = "{key}"\nnames = ["Jane Roe"]\n', encoding="utf-8")
    chain = [{"source": "Jane Roe", "type": "eyewitness"}, {"source": "The Quay", "type": "media"}]
    (folder / "roe.jsonl").write_text(lines(report(id="a", provenance=chain)), encoding="utf-8")
    added = ("audit", "record", "roe.jsonl", "--ledger", "led", "--confidential", "names.toml")
    one(run(*added))
    assert_refused(run(*added, "--note", "told by JANE ROE"), 3, "--note", "confidential name")
    for path in (folder / "led").rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        data = zstd.decompress(data) if path.suffix == ".zst" else data
        assert b"jane roe" not in data.lower(), path
        assert b"roe.jsonl" not in data, path
    name = run("audit", "pseudonym", "JANE ROE", "--confidential", "names.toml").out.strip()
    assert [row["entry"] for row in run("audit", "list", "--ledger", "led", "--source", name).records] == [1]
    assert one(run("audit", "replay", "1", "--ledger", "led"))["identical"] is True


def test_a_policy_is_found_by_its_digest_in_a_ledger(kept: Path) -> None:
    digest = run("audit", "show", "2", "--ledger", kept).records[0]["run"]["rules"]
    found = run("rules", "diff", digest, "shipped", "--ledger", kept)
    assert found.code == 1
    added = {change["id"] for change in found.records[0]["changes"] if change["kind"] == "sources"}
    assert "Ardan Press Agency" in added
    assert_refused(run("rules", "diff", "sha256:00000000", "shipped", "--ledger", kept), 3, "sha256:00000000")


@pytest.mark.parametrize("text", ["", " ", "x" * 20_000, "\udcff"])
def test_texts_that_cannot_be_kept_are_usage_errors(folder: Path, text: str) -> None:
    made = ("audit", "override", "label", "c", "--ledger", "led")
    assert_refused(run(*made, "--new", "x", "--by", text, "--why", "y"), 2, "--by")
    assert_refused(run(*made, "--new", text, "--by", "x", "--why", "y"), 2, "--new")
    assert_refused(run(*made, "--new", "x", "--by", "x", "--why", text), 2, "--why")
    assert_refused(run("audit", "record", CIRCULAR, "--ledger", "led", "--by", text), 2, "--by")
    assert_refused(run("audit", "record", CIRCULAR, "--ledger", "led", "--note", text), 2, "--note")
    assert_refused(run("rate", CIRCULAR, "--ledger", "led", "--url", text), 2, "--url")
    assert_refused(run("audit", "pseudonym", text, "--confidential", "absent"), 2, "NAME")
    assert list(folder.iterdir()) == []


def test_hostile_names_are_shown_as_escapes(folder: Path) -> None:
    evil = "\x1b[2J\u202e"
    (folder / "a.jsonl").write_text(lines(report(id="a", claim=f"c{evil}")), encoding="utf-8")
    one(run("audit", "record", "a.jsonl", "--ledger", "led", "--note", evil, "--by", f"x{evil}"))
    one(run("audit", "override", "label", f"c{evil}", "--ledger", "led", "--new", evil, "--by", f"y{evil}",
            "--why", evil))  # fmt: skip
    for command in (["list"], ["show", "1"], ["show", "2"], ["verify"], ["replay", "1"], ["diff", "1", "1"]):
        for form in ("table", "jsonl"):
            out = run("audit", *command, "--ledger", "led", "--format", form).out
            assert "\x1b" not in out
            assert "\u202e" not in out


def test_a_ledger_set_outside_the_command_line_holds_for_every_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIABILITY_LEDGER", "led")
    assert "entry 1" in run("rate", CIRCULAR).err
    assert one(run("audit", "verify"))["entries"] == 1
    assert len(run("audit", "list").records) == 1


def test_signed_heads_and_proofs_by_command(kept: Path, folder: Path) -> None:
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    from cryptography.hazmat.primitives import serialization as s

    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    secret = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    public = key.public_key().public_bytes_raw().hex()
    run("audit", "head", "--ledger", kept, "--sign", "key.pem", "-o", "head.json")
    assert run("audit", "verify", "--ledger", kept, "--head", "head.json", "--public-key", public).code == 0
    assert_refused(
        run("audit", "verify", "--ledger", kept, "--head", "head.json", "--public-key", "00" * 32), 4, "not signed"
    )
    made = run("audit", "prove", "2", "town-relayed", "--ledger", kept, "--sign", "key.pem", "-o", "proof.json")
    assert made.code == 0
    shutil.rmtree(kept)
    checked = one(run("audit", "check-proof", "proof.json", "--public-key", public))
    assert (checked["ok"], checked["signed_by"], checked["rating"]["p"]) == (True, public, 0.7189)
    text = (folder / "proof.json").read_text(encoding="utf-8")
    changed = json.loads(text)
    changed["rating"] = changed["rating"].replace("0.7189", "0.9189")
    bad = run("audit", "check-proof", "-", stdin=json.dumps(changed).encode())
    assert bad.code == 4
    assert "not among those" in bad.records[0]["problems"][0]
    assert_refused(run("audit", "check-proof", "key.pem"), 3, "no proof")
    assert_refused(run("audit", "check-proof", "absent"), 3, "absent")
