"""Track records from files: what `reliability learn --out` does once its options are parsed."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from reliability.cli.learn_records import write_records
from reliability.cli.reading import Request
from reliability.errors import InputError, UsageError
from reliability.io.sources import read_sources_file
from reliability.rules.schema import SourceEntry

from .command import FIXTURES, run

SET = FIXTURES / "backtest"
TABLE = "claim,who,kind,party,true\n" + "".join(
    f"c{n},Speaker {n % 3},elected-official,{'red' if n % 3 else 'blue'},{int(n % 3 == 0 or n % 4 == 0)}\n"
    for n in range(60)
)
COLUMNS = "source=who,type=kind,group=party,truth=true"


def learned(tmp_path: Path, **more: object) -> dict[str, SourceEntry]:
    out = tmp_path / "records.toml"
    request = Request(paths=[str(SET / "reported.jsonl")], output=out, **more)  # type: ignore[arg-type]
    write_records(request, SET / "adjudicated.csv")
    return {entry.name: entry for entry in read_sources_file(out)}


def from_table(tmp_path: Path, text: str, columns: str | None = COLUMNS, **more: object) -> dict[str, SourceEntry]:
    table, out = tmp_path / "table.csv", tmp_path / "records.toml"
    table.write_text(text, encoding="utf-8")
    write_records(Request(paths=[str(table)], output=out, **more), None, columns)  # type: ignore[arg-type]
    return {entry.name: entry for entry in read_sources_file(out)}


def test_what_is_learned_of_reports_can_be_rated_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = learned(tmp_path)
    assert entries
    assert all(entry.record is not None and sum(entry.record.counts()) >= 1 for entry in entries.values())
    told = capsys.readouterr().err
    assert "settled reports of" in told
    done = run("rate", SET / "reported.jsonl", "--sources", tmp_path / "records.toml", "--format", "jsonl")
    assert done.code == 0
    shifts = [shift["rule"] for one in done.records for link in one["links"] for shift in link["shifts"]]
    assert any(rule.startswith("shifted by its record: ") for rule in shifts)


def test_a_table_without_reports_teaches_shares(tmp_path: Path) -> None:
    entries = from_table(tmp_path, TABLE)
    share = {name: entry.record.p_true for name, entry in entries.items() if entry.record is not None}
    assert share["Speaker 0"] > 0.8 > 0.5 > share["Speaker 1"]  # type: ignore[operator]
    text = (tmp_path / "records.toml").read_text()
    assert text.startswith("# 60 settled claims")
    assert "[[pool]]" in text


def test_the_same_input_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    from_table(tmp_path, TABLE)
    first = (tmp_path / "records.toml").read_bytes()
    head, *rows = TABLE.splitlines(keepends=True)
    from_table(tmp_path, head + "".join(rows[::-1]))
    assert (tmp_path / "records.toml").read_bytes() == first


def test_what_the_sources_file_says_is_kept(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[[source]]\nname = "Speaker 0"\ncountry = "velm"\n[[source]]\nname = "Somebody Else"\n')
    entries = from_table(tmp_path, TABLE, sources=mine)
    assert entries["Speaker 0"].country == "velm"
    assert entries["Speaker 0"].record is not None
    assert "Somebody Else" in entries


@pytest.mark.parametrize(
    ("row", "told"),
    [("c1,Ada,media,x,1.5", "must be at most 1"), ("c1,Ada,media,x,-1", "must be at least 0"),
     ("c1,Ada,media,x,nan", "finite"), ("c1,Ada,media,x,maybe", "number"), ("c1,,media,x,1", "missing"),
     ("c1,Ada,media", "cells")],
)  # fmt: skip
def test_a_bad_row_is_a_reject_and_the_others_are_learned_from(
    tmp_path: Path, row: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Ada" not in from_table(tmp_path, TABLE + row + "\n")
    assert told in capsys.readouterr().err
    with pytest.raises(InputError, match="--strict"):
        from_table(tmp_path, TABLE + row + "\n", strict=True)


def test_rows_that_disagree_on_a_claims_truth_are_all_rejects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = from_table(tmp_path, TABLE + "x,Ada,media,,1\nx,Bea,media,,0\n")
    assert not {"Ada", "Bea"} & entries.keys()
    assert "disagree on its truth: 0 and 1" in capsys.readouterr().err


def test_a_type_that_the_policy_lacks_is_told_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = from_table(tmp_path, TABLE + "x,Ada,medai,,1\n")
    assert entries["Ada"].type is None
    assert "no source type 'medai'" in capsys.readouterr().err


def test_what_was_settled_after_a_day_is_not_learned_from(tmp_path: Path) -> None:
    text = "claim,source,truth,date\na,Ada,1,2024-01-01\nb,Ada,0,2024-06-01\nc,Bea,0,2025\n"
    entries = from_table(tmp_path, text, None, as_of=datetime(2024, 3, 1))
    assert list(entries) == ["Ada"]
    assert entries["Ada"].record is not None
    assert entries["Ada"].record.counts() == (1.0, 0.0, 0.0, 0.0)


def test_one_source_with_one_report_is_learned_from(tmp_path: Path) -> None:
    (entry,) = from_table(tmp_path, "claim,who,kind,party,true\nc,Ada,,,1\n").values()
    assert entry.record is not None
    assert entry.record.counts() == (1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("columns", ["who", "nobody=who", "source=who,source=kind"])
def test_columns_that_are_none_are_a_usage_error(tmp_path: Path, columns: str) -> None:
    with pytest.raises(UsageError):
        from_table(tmp_path, TABLE, columns)


def test_a_missing_column_is_told_with_the_way_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--columns source=COLUMN"):
        from_table(tmp_path, TABLE, None)


def test_nothing_settled_is_bad_input(tmp_path: Path) -> None:
    other = tmp_path / "settled.csv"
    other.write_text("claim,truth\nnobody-spoke-of-it,1\n")
    with pytest.raises(InputError, match="ids of claims"):
        write_records(Request(paths=[str(SET / "reported.jsonl")], output=tmp_path / "r.toml"), other)
    assert not (tmp_path / "r.toml").exists()


def test_proposed_blocs_are_written_even_when_there_are_none(tmp_path: Path) -> None:
    table, blocs = tmp_path / "table.csv", tmp_path / "blocs.toml"
    table.write_text(TABLE)
    write_records(Request(paths=[str(table)], quiet=True), None, COLUMNS, blocs)
    assert blocs.read_text().startswith("# Proposed blocs: 0 pairs of 3")


def test_adjudications_of_unknown_claims_are_rejects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled = tmp_path / "settled.csv"
    settled.write_text(
        (SET / "adjudicated.csv").read_text().rstrip() + "\n" + "".join(f"x{n},1,,\n" for n in range(30))
    )
    reports, out, bad = str(SET / "reported.jsonl"), tmp_path / "r.toml", tmp_path / "bad.jsonl"
    write_records(Request(paths=[reports], output=out, rejects=bad), settled)
    told = capsys.readouterr().err
    assert "no report is about 'x0'" in told
    assert "10 more rejects" in told, "twenty are told, the others counted"
    assert bad.read_text().count("no report is about") == 30
    with pytest.raises(InputError, match="--strict"):
        write_records(Request(paths=[reports], output=out, strict=True), settled)


def test_a_named_column_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column nowhere"):
        from_table(tmp_path, TABLE, "source=who,truth=true,group=nowhere")


def classed_table() -> str:
    """Half of the sources know of war, the others of money; nobody of both."""
    rng, lines = np.random.default_rng(3), ["claim,source,truth,class,stance"]
    for source in range(30):
        for at, name in enumerate(("war", "money")):
            for n in range(12):
                true = rng.random() < 0.5
                says = true if rng.random() < (0.9 if source % 2 == at else 0.1) else rng.random() < 0.5
                lines.append(f"{source}-{name}-{n},Src {source},{int(true)},{name},{'asserts' if says else 'denies'}")
    return "\n".join(lines) + "\n"


def test_records_are_kept_by_class_where_what_sources_know_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = from_table(tmp_path, classed_table(), None)["Src 0"].record
    assert record is not None
    shares = {one.claim_class: one.p_true for one in record.by_class}
    assert shares["war"] > shares["money"] + 0.1
    told = capsys.readouterr().err
    assert "differs by class of claim" in told
    assert "has no value 'money', 'war'" in told


def test_where_it_does_not_that_is_said_and_records_are_of_all_claims(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_class = TABLE.splitlines()
    text = (
        "\n".join([f"{with_class[0]},subject", *(f"{line},s{n % 2}" for n, line in enumerate(with_class[1:]))]) + "\n"
    )
    classed = from_table(tmp_path, text, f"{COLUMNS},class=subject")
    assert "records are not kept by class" in capsys.readouterr().err
    plain = from_table(tmp_path, TABLE)
    assert [one.record and one.record.p_true for one in classed.values()] == [
        one.record and one.record.p_true for one in plain.values()
    ]


def of_questions(tmp_path: Path, text: str, **more: object) -> dict[str, SourceEntry]:
    """Records from fixtures/three-answers, where nobody names a leak."""
    settled, out = tmp_path / "settled.csv", tmp_path / "records.toml"
    settled.write_text(text, encoding="utf-8")
    reports = str(FIXTURES / "three-answers" / "reports.jsonl")
    write_records(Request(paths=[reports], output=out, **more), settled)  # type: ignore[arg-type]
    return {entry.name: entry for entry in read_sources_file(out)}


@pytest.mark.parametrize("text", ["question,alternative\nferry,mine\n", "claim,truth\nferry=mine,1\n"])
def test_a_settled_question_teaches_the_records_of_who_answered_it(tmp_path: Path, text: str) -> None:
    entries = of_questions(tmp_path, text)
    told = {name: entry.record.settled[0] for name, entry in entries.items() if entry.record is not None}
    assert (told["Dr. Mira Holt"].said, told["Dr. Mira Holt"].truth) == ("asserts", 1.0)
    assert (told["Government of Ardania"].said, told["Government of Ardania"].truth) == ("denies", 0.0)
    assert {one.question for one in told.values()} == {"ferry"}
    assert (tmp_path / "records.toml").read_text().startswith("# 1 settled questions with several answers.")


def test_bad_rows_on_questions_are_rejects_with_line_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_questions(tmp_path, "question,alternative\nferry,mine\nbarge,mine\nferry,mine\n,mine\n")
    told = capsys.readouterr().err
    assert "settled.csv:3: no report is about 'barge'" in told
    assert "settled.csv:5: no question" in told
    with pytest.raises(InputError, match="--strict"):
        of_questions(tmp_path, "question,alternative\nferry,mine\nbarge,mine\n", strict=True)


def test_a_true_answer_that_no_report_gives_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = of_questions(tmp_path, "question,alternative\nferry,a leak\n")
    assert {one.settled[0].truth for entry in entries.values() if (one := entry.record) is not None} == {0.0}
    assert "settled to an answer that no report gives" in capsys.readouterr().err


def test_a_question_settled_after_the_day_teaches_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing that it says of a settled claim counts"):
        of_questions(tmp_path, "question,alternative,date\nferry,mine,2026\n", as_of=datetime(2025, 3, 1))
