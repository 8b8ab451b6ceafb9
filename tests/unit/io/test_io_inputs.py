"""Which files paths stand for, and everything that is in them."""

import gzip
import io
import json
import os
from pathlib import Path

import pytest

from reliability.errors import InputError
from reliability.io.inputs import Inputs, is_article, read_inputs
from reliability.io.kinds import find_inputs, kind_of, stem

REPORT = {"id": "r1", "text": "t", "provenance": [{"source": "NIS"}]}
LINE = json.dumps(REPORT)


@pytest.mark.parametrize(
    ("name", "kind", "packed"),
    [
        ("a.txt", "txt", None),
        ("x/a.MD", "md", None),
        ("a.b.json", "json", None),
        ("a.jsonl.gz", "jsonl", "gz"),
        ("A.CSV.ZST", "csv", "zst"),
        ("a.htm", "html", None),
        ("a.PDF.gz", "pdf", "gz"),
        ("a.docx", "docx", None),
    ],
)
def test_a_kind_is_told_by_its_ending(name: str, kind: str, packed: str | None) -> None:
    assert kind_of(name) == (kind, packed)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a.orc", "the ending .orc is none that is read"),
        ("a.zst", "has no ending that tells its kind"),
        ("a.png", "the ending .png is none that is read"),
        ("a", "has no ending that tells its kind"),
        ("a.gz", "has no ending that tells its kind"),
        ("x.txt/a", "has no ending that tells its kind"),
    ],
)
def test_another_kind_is_refused_and_what_is_accepted_is_named(name: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        kind_of(name)
    assert raised.value.problem == problem
    assert ".jsonl" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("d/a.txt", "a"), ("a.b.json.gz", "a.b"), ("a.TXT.GZ", "a"), ("a.docx.zst", "a"), (".txt", ".txt"), ("a", "a")],
)
def test_a_stem_is_the_name_without_its_ending(name: str, expected: str) -> None:
    assert stem(name) == expected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "b.txt": "B.", "a.txt": "A.", "sub/c.md": "C.", "sub/r.jsonl": LINE, ".hidden.txt": "no", ".git/x.txt": "no",
        "a.meta.toml": 'publisher = "P"', "z.png": "no",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_folder_stands_for_its_files_sorted_without_hidden_ones_and_sidecars(folder: Path) -> None:
    files, rejects = find_inputs([folder])
    assert [f.path.relative_to(folder).as_posix() for f in files] == ["a.txt", "b.txt", "sub/c.md", "sub/r.jsonl"]
    assert [(Path(r.file).name, r.line) for r in rejects] == [("z.png", None)]
    assert "the ending .png" in rejects[0].reason


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    files, _ = find_inputs([folder / "b.txt", folder, folder / "sub" / ".." / "b.txt"])
    assert [f.path.name for f in files] == ["b.txt", "a.txt", "c.md", "r.jsonl"]


def test_paths_that_stand_for_nothing_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        find_inputs([tmp_path / "none.txt"])
    with pytest.raises(InputError, match="is a folder without files"):
        find_inputs([tmp_path])
    (tmp_path / "a.png").write_text("x")
    with pytest.raises(InputError, match="is none that is read"):
        find_inputs([tmp_path / "a.png"])


def test_a_folder_that_cant_be_read_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "x").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match=r"can't be read \(Permission denied\)"):
        find_inputs([tmp_path])


def test_standard_input_needs_a_format(folder: Path) -> None:
    with pytest.raises(InputError, match="say --input-format, one of txt, md, html, docx, pdf, json, jsonl, csv"):
        find_inputs(["-"])
    with pytest.raises(InputError, match="--input-format png is none that is read"):
        find_inputs(["-"], "png")
    [file], _ = find_inputs(["-", "-"], ".JSONL.gz")
    assert (file.name, file.kind, file.packed) == ("-", "jsonl", "gz")


def test_everything_in_a_folder_is_read(folder: Path) -> None:
    inputs = read_inputs([folder], publisher="Q", publisher_type="media", published="2025")
    assert [(a.id, a.publisher, a.publisher_type) for _, a in inputs.articles] == [
        ("a", "P", None), ("b", "Q", "media"), ("c", "Q", "media"),
    ]  # fmt: skip
    assert [r.report.id for r in inputs.reports] == ["r1"]
    assert len(inputs.rejects) == 1
    inputs.require_something()


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read(packed: bool) -> None:
    pack = gzip.compress if packed else bytes
    gz = ".gz" if packed else ""
    inputs = read_inputs(["-"], input_format="jsonl" + gz, stdin=io.BytesIO(pack(LINE.encode())))
    assert [(r.report.id, r.file) for r in inputs.reports] == [("r1", "-")]
    inputs = read_inputs(["-"], input_format="txt" + gz, stdin=io.BytesIO(pack(b"Hello.")), publisher="P")
    assert [(name, a.id, a.text, a.publisher) for name, a in inputs.articles] == [("-", "stdin", "Hello.", "P")]


def test_a_json_file_is_an_article_or_reports(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": "Hello.", "title": "x"}')
    (tmp_path / "b.json").write_text(f"[{LINE}]")
    (tmp_path / "c.json").write_text(json.dumps({**REPORT, "id": "r2", "mood": 1}))
    inputs = read_inputs([tmp_path])
    assert [a.id for _, a in inputs.articles] == ["a"]
    assert [r.report.id for r in inputs.reports] == ["r1", "r2"]
    assert inputs.notes.unknown_columns == {"title": 1, "mood": 1}


@pytest.mark.parametrize(
    ("text", "expected"), [("[", False), ("{", False), ("", False), ('{"text": 1}', True), (LINE, False), ("{}", False)]
)
def test_an_article_is_an_object_with_text_and_without_provenance(text: str, expected: bool) -> None:
    assert is_article(text) is expected


def test_a_file_that_cant_be_read_is_a_reject_among_others_and_an_error_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_inputs([tmp_path / "a.txt"])
    (tmp_path / "b.txt").write_text("B.")
    inputs = read_inputs([tmp_path])
    assert [a.id for _, a in inputs.articles] == ["b"]
    assert [(r.file, r.line, r.reason) for r in inputs.rejects] == [
        (str(tmp_path / "a.txt"), None, "is not UTF-8 at byte offset 0; save it as UTF-8")
    ]


def test_articles_of_one_name_in_several_folders_are_all_read_and_repeats_once(tmp_path: Path) -> None:
    named = {"x/a.txt": "A.", "y/a.txt": "A.", "z/a.txt": "Another.", "v/z/a.txt": "A third.", "w/v/z/a.txt": "A 4th."}
    for name, text in named.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    inputs = read_inputs([tmp_path / name for name in named])
    assert [one.id for _, one in inputs.articles] == ["a", "z/a", "v/z/a", "w/v/z/a"]
    assert (inputs.notes.n_repeats, inputs.rejects) == (1, [])


def test_two_articles_under_one_given_id_are_a_reject(tmp_path: Path) -> None:
    for name, text in {"x.json": "A.", "y.json": "Another."}.items():
        (tmp_path / name).write_text(json.dumps({"id": "a", "text": text}))
    inputs = read_inputs([tmp_path])
    assert len(inputs.articles) == 1
    assert inputs.rejects[0].file == str(tmp_path / "y.json")
    assert f"`a` is that of {tmp_path / 'x.json'} too" in inputs.rejects[0].reason


def test_nothing_readable_at_all_is_bad_input_that_names_the_first_reason(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{bad\n[]\n")
    inputs = read_inputs([tmp_path])
    with pytest.raises(InputError, match=r"a.jsonl:1: nothing readable: malformed JSON.* \(and 1 more rejects\)"):
        inputs.require_something()
    with pytest.raises(InputError, match="nothing to read"):
        Inputs().require_something()


def test_reading_does_not_import_numpy() -> None:
    import subprocess
    import sys

    code = "import sys, reliability.io.inputs, reliability.io.reports_out; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env=os.environ).returncode == 0
