"""Writing: whole or not at all, and every format says the same."""

import csv
import io
import json
import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.errors import InputError
from reliability.io.rows import MAX_RAW, Reject, cut
from reliability.io.visible import visible
from reliability.io.writers import COLUMNS, dump_records, markdown_text, write_atomically, write_rejects

RECORD = {
    "claim": {"id": "c-1", "text": "=HYPERLINK(\"x\")|<b>", "kind": "statement", "question": None},
    "rating": {"p": 0.8395, "low": 0.75, "high": 0.92, "weight_db": -7.19, "assessed": True, "icd203": "very likely",
               "phia": "highly likely", "analytic_confidence": {"level": "low"}},
    "quantity": None,
    "said_so": [{"origin": "NIS", "stance": "asserts", "p": 0.97}, {"origin": "Russia", "stance": "denies", "p": 0.9}],
    "counts": {"reports": 2, "outlets": 1, "origins": 2, "independent": 2, "blocs": 0},
    "flags": ["contested", "single-outlet"],
    "tree": [
        {"node": 0, "parent": None, "kind": "common-error", "label": "everyone", "evidence_db": None},
        {"node": 1, "parent": 0, "kind": "origin", "label": "NIS", "evidence_db": None},
        {"node": 2, "parent": 1, "kind": "relay", "label": "Yonhap", "evidence_db": None},
        {"node": 3, "parent": 2, "kind": "outlet", "label": "ABC News", "evidence_db": 300.0},
        {"node": 4, "parent": 0, "kind": "origin", "label": "Russia", "evidence_db": -300.0},
    ],
    "reports": ["a1-05", "a1-06"],
}  # fmt: skip


def records(**changes):
    return [{**RECORD, **changes}]


def test_json_and_jsonl_keep_every_field_in_its_order() -> None:
    assert json.loads(dump_records(records(), "json")) == [RECORD]
    line = dump_records(records(), "jsonl")
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert list(json.loads(line)) == list(RECORD)
    assert dump_records([], "jsonl") == ""
    assert dump_records([], "json") == "[]\n"


def test_csv_has_the_flat_columns_with_numbers_as_they_are() -> None:
    [head, row] = csv.reader(io.StringIO(dump_records(records(), "csv")))
    flat = dict(zip(head, row, strict=True))
    assert tuple(head) == COLUMNS
    assert (flat["p"], flat["weight_db"], flat["assessed"], flat["n_origins"]) == ("0.8395", "-7.19", "true", "2")
    assert flat["origins"] == "NIS (asserts); Russia (denies)"
    assert flat["chains"] == "NIS > Yonhap > ABC News; Russia"
    assert (flat["flags"], flat["reports"], flat["confidence"]) == ("contested; single-outlet", "a1-05; a1-06", "low")
    assert (flat["question"], flat["value_best"]) == ("", "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t1", "\r=1", "\n=1", "＝1"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    out = dump_records(records(claim={**RECORD["claim"], "text": text}), "csv")
    [head, row] = csv.reader(io.StringIO(out, newline=""))
    assert dict(zip(head, row, strict=True))["text"] == "'" + text


def test_a_quantity_and_a_brief_record_have_their_cells() -> None:
    quantity = {
        "low": 131,
        "best": 302,
        "high": 803,
        "unit": "killed",
        "stated": 300,
        "op": "about",
        "p_as_stated": 0.6,
    }
    brief = {key: value for key, value in RECORD.items() if key != "tree"}
    [head, row] = csv.reader(io.StringIO(dump_records([{**brief, "quantity": quantity}], "csv")))
    flat = dict(zip(head, row, strict=True))
    assert (flat["value_low"], flat["value_best"], flat["value_high"], flat["unit"], flat["chains"]) == (
        "131",
        "302",
        "803",
        "killed",
        "",
    )


def test_chains_that_a_record_lists_are_those_of_the_table() -> None:
    listed = [{"report": "a", "links": ["NIS [intelligence-agency]", "ABC News [media]"]}]
    [head, row] = csv.reader(io.StringIO(dump_records(records(chains=listed), "csv")))
    assert dict(zip(head, row, strict=True))["chains"] == "NIS [intelligence-agency] > ABC News [media]"


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_nan_is_never_written(form: str) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        dump_records(records(rating={**RECORD["rating"], "p": float("nan")}), form)


def test_markdown_is_a_table_in_which_nothing_is_markup() -> None:
    lines = dump_records(records(), "markdown").splitlines()
    assert lines[0] == "| claim | origins | p | low | high | figure | ICD 203 | confidence | flags |"
    assert lines[1] == "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    assert lines[2].startswith(
        '| =HYPERLINK("x")\\|&lt;b&gt; | NIS (asserts); Russia (denies) | 0.8395 | 0.75 | 0.92 |  | very likely | low |'
    )
    assert len(lines) == 3
    assert markdown_text("a\nb `c` [d](e) *f* _g_ \x1b[1m &lt; \\") == (
        "a b \\`c\\` \\[d\\](e) \\*f\\* \\_g\\_ \\\\x1b\\[1m &amp;lt; \\\\"
    )


@given(st.text())
def test_nothing_unseen_is_left_after_visible(text: str) -> None:
    assert all(
        unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        for char in visible(text)
        if not _harmless(char)
    )


def _harmless(char: str) -> bool:
    """Format characters that show: Arabic and Kaithi number signs, Egyptian and musical joiners."""
    return (
        ord(char) in {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
        or 0x13430 <= ord(char) < 0x1D17B
    )


def test_visible_shows_escapes_and_leaves_text_alone() -> None:
    assert visible("\x1b[31mred\x07 \u202egnp\u2066 a\u200bb \x9b \ufeff\n\t\U000e0041") == (
        "\\x1b[31mred\\x07 \\u202egnp\\u2066 a\\u200bb \\x9b \\ufeff\\x0a\\x09\\U000e0041"
    )
    assert visible("Zażółć “gęślą” — 北朝鮮 😀 \\n") == "Zażółć “gęślą” — 北朝鮮 😀 \\n"


@given(st.one_of(st.text(max_size=20), st.binary(max_size=20)), st.integers(0, 1_000))
def test_a_cut_row_is_text_of_at_most_its_bytes(raw: str | bytes, times: int) -> None:
    text = cut(raw * times)
    text.encode("utf-8")
    if isinstance(raw, str) and not any(0xD800 <= ord(c) < 0xE000 for c in raw):
        assert len(text.encode("utf-8")) <= MAX_RAW
        assert (raw * times).startswith(text)


def test_a_file_is_written_whole_with_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    old = os.umask(0o027)
    try:
        write_atomically(path, "é\r\n\ud800")
    finally:
        os.umask(old)
    assert path.read_bytes() == b"\xc3\xa9\r\n\\ud800"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(path)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "out.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_when_writing_fails_the_old_file_stands_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(InputError, match=r"out.txt: can't be written \(No space left on device\); check the folder"):
        write_atomically(path, "new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("out.txt", "old")]


def test_an_interrupt_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "out.txt", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_isnt_there_or_is_the_place_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be written"):
        write_atomically(tmp_path / "none" / "out.txt", "new")
    with pytest.raises(InputError, match="can't be written"):
        write_atomically(tmp_path, "new")


def test_what_is_no_file_is_written_to_as_it_is() -> None:
    write_atomically(Path("/dev/null"), "gone")
    assert not Path("/dev/null").is_file()


def test_rejects_are_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    write_rejects(path, [Reject("in.csv", 3, "why — so", 'a,"b'), Reject("z\udcff.png", None, "other kind", "")])
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first == {"file": "in.csv", "line": 3, "reason": "why — so", "raw": 'a,"b'}
    assert (second["file"], second["line"]) == ("z\udcff.png", None)
