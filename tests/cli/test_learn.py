from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from reliability import InputError, learn

from .command import FIXTURES, Result, run

FLAT = ("question=object", "alternative=value")


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    path = tmp_path / "crowd.csv"
    lines = ["object,source,value"]
    for i in range(30):
        lines += [f"o{i:02},good{j},{i % 2}" for j in range(3)]
        lines += [f"o{i:02},bad,{1 - i % 2}", f"o{i:02},spam,1"]
    path.write_text("\n".join(lines) + "\n")
    return path


def learned(reports: object, out: Path, *options: object) -> tuple[Result, list[dict[str, str]]]:
    found = run("learn", reports, "--ratings", out, *options)
    if not out.exists():
        return found, []
    with out.open(encoding="utf-8", newline="") as stream:
        return found, list(csv.DictReader(stream))


def columns() -> tuple[str, str]:
    return "--columns", ",".join(FLAT)


def test_ratings_are_sorted_have_six_digits_and_sum_to_one(crowd: Path, tmp_path: Path) -> None:
    found, rows = learned(crowd, tmp_path / "out.csv", *columns())
    assert found.code == 0
    assert found.out == ""
    assert "150 answers of 5 sources to 30 questions" in found.err
    assert rows == sorted(rows, key=lambda row: (row["question"], row["alternative"]))
    sums: dict[str, int] = {}
    for row in rows:
        assert len(row["p"]) == len("0.123456")
        sums[row["question"]] = sums.get(row["question"], 0) + round(float(row["p"]) * 1e6)
    assert set(sums.values()) == {1_000_000}
    best = {row["question"]: row["alternative"] for row in sorted(rows, key=lambda row: float(row["p"]))}
    assert best == {f"o{i:02}": str(i % 2) for i in range(30)}


def test_the_same_rows_in_another_order_and_packing_give_the_same_bytes(crowd: Path, tmp_path: Path) -> None:
    header, *rows = crowd.read_text().splitlines()
    turned = tmp_path / "turned.csv.gz"
    turned.write_bytes(gzip.compress("\n".join([header, *rows[::-1]]).encode()))
    outs = []
    for name, path in (("a.csv", crowd), ("b.csv", turned)):
        learned(path, tmp_path / name, *columns())
        outs.append((tmp_path / name).read_bytes())
    assert outs[0] == outs[1]


def test_what_is_settled_is_held_even_if_nobody_said_it(crowd: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("object,value\no00,1\no01,neither\n")
    _, rows = learned(crowd, tmp_path / "out.csv", *columns(), "--adjudicated", gold)
    p = {(row["question"], row["alternative"]): row["p"] for row in rows}
    assert (p["o00", "1"], p["o00", "0"]) == ("1.000000", "0.000000")
    assert (p["o01", "neither"], p["o01", "1"]) == ("1.000000", "0.000000")


def test_a_truth_between_is_held_for_questions_of_yes_and_no(crowd: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("claim,truth\no00,0.7\n")
    _, rows = learned(crowd, tmp_path / "out.csv", *columns(), "--adjudicated", gold)
    assert [row["p"] for row in rows if row["question"] == "o00"] == ["0.300000", "0.700000"]


def test_adjudications_that_are_unknown_or_disagree_are_rejects(crowd: Path, tmp_path: Path) -> None:
    gold, bad = tmp_path / "gold.csv", tmp_path / "bad.jsonl"
    gold.write_text("claim,truth\nnowhere,1\no00,1\no00,0\no01,7\n")
    found, rows = learned(crowd, tmp_path / "out.csv", *columns(), "--adjudicated", gold, "--rejects", bad)
    reasons = [json.loads(line)["reason"] for line in bad.read_text().splitlines()]
    assert found.code == 0
    assert len(rows) == 60
    assert len(reasons) == 4
    assert sum("disagree" in one for one in reasons) == 2
    assert sum("no report is about 'nowhere'" in one for one in reasons) == 1
    strict, _ = learned(crowd, tmp_path / "strict.csv", *columns(), "--adjudicated", gold, "--strict")
    assert strict.code == 3
    assert not (tmp_path / "strict.csv").exists()


def test_unclaimed_alternatives_are_rated_when_the_vocabulary_is_said_to_be_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("question,source,alternative\n" + "".join(f"q{i},s{j},{'no' if i else 'yes'}\n" for i in range(5)
                                                              for j in range(3)))  # fmt: skip
    _, rows = learned(path, tmp_path / "a.csv")
    assert [row["p"] for row in rows] == ["1.000000"] * 5
    _, rows = learned(path, tmp_path / "b.csv", "--unclaimed")
    assert len(rows) == 10
    assert all(0.0 < float(row["p"]) < 1.0 for row in rows)


def test_report_records_teach_by_stance_and_by_alternative(tmp_path: Path) -> None:
    found, rows = learned(FIXTURES / "three-answers" / "reports.jsonl", tmp_path / "a.csv")
    assert [row["alternative"] for row in rows] == ["boiler", "mine", "torpedo"]
    assert "1 report was set aside: denies one of several alternatives" in found.err
    _, rows = learned(FIXTURES / "circular-reporting" / "reports.jsonl", tmp_path / "b.csv")
    p = {row["question"]: row["p"] for row in rows if row["alternative"] == "true"}
    assert p["bridge-by-one"] == p["bridge-by-ten"], "ten outlets quoting one origin are one origin"


def test_cells_come_back_as_they_came(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('question,source,alternative\n"=cmd()",s,"-1"\n"=cmd()",t,"a ""b"", c"\n')
    _, rows = learned(path, tmp_path / "out.csv")
    assert [(row["question"], row["alternative"]) for row in rows] == [("=cmd()", "-1"), ("=cmd()", 'a "b", c')]


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (("{reports}",), 2, "nothing to write"),
    (("{reports}", "--ratings", "{reports}"), 2, "is an input too"),
    (("{reports}", "--ratings", "{out}", "--columns", "colour=x"), 2, "is no NAME=COLUMN"),
    (("{reports}", "--ratings", "{out}", "--columns", "question=nowhere"), 3, "no column nowhere"),
    (("{reports}", "--ratings", "{out}", "--columns", "question=object,alternative=value", "--as-of", "2025-01-01"), 2,
     "a flat table has none of"),
    (("{out}.none", "--ratings", "{out}"), 3, "no such file"),
    (("-", "--ratings", "{out}", "--columns", "question=object,alternative=value"), 2, "--input-format"),
    (("{reports}", "--ratings", "{out}", "--columns", "question=object,alternative=value", "--adjudicated",
      "{out}.no.csv"), 3, "no such file"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(
    crowd: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    given = [one.format(reports=crowd, out=tmp_path / "out.csv") for one in arguments]
    found = run("learn", *given)
    assert found.code == code, found.err
    assert said in found.err
    assert "Traceback" not in found.err
    assert not (tmp_path / "out.csv").exists()


def test_standard_input_and_progress(crowd: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    found = run("learn", "-", "--input-format", "csv", *columns(), "--ratings", out, "--progress", "json",
                stdin=crowd.read_bytes())  # fmt: skip
    told = [json.loads(line) for line in found.err.splitlines() if line.startswith("{")]
    assert told[-1] == {"done": 4, "of": 4}
    _, rows = learned(crowd, tmp_path / "file.csv", *columns())
    assert out.read_text() == (tmp_path / "file.csv").read_text()
    assert rows


def test_a_flat_table_from_a_stream_is_told_how_to_be_read(tmp_path: Path) -> None:
    found = run("learn", "-", "--input-format", "csv", "--ratings", tmp_path / "out.csv",
                stdin=b"question,source,alternative\nq,A,x\n")  # fmt: skip
    assert found.code == 3
    assert "--columns question=question,source=source,alternative=alternative" in found.err
    named = ("--columns", "question=question,source=source,alternative=alternative")
    assert run("learn", "-", "--input-format", "csv", "--ratings", tmp_path / "out.csv", *named,
               stdin=b"question,source,alternative\nq,A,x\n").code == 0  # fmt: skip


def test_adjudications_from_a_pipe_are_refused_where_they_are_looked_at_twice(crowd: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    found = run("learn", crowd, *columns(), "--ratings", tmp_path / "out.csv", "--adjudicated", pipe)
    assert found.code == 3
    assert "is a pipe" in found.err
    assert not (tmp_path / "out.csv").exists()


def test_an_answer_that_is_settled_by_its_claims_id_settles_its_question(tmp_path: Path) -> None:
    reports, settled, bad = (
        FIXTURES / "three-answers" / "reports.jsonl",
        tmp_path / "settled.csv",
        tmp_path / "bad.jsonl",
    )
    settled.write_text("claim,truth\nferry=mine,1\nferry=boiler,0\nferry=boiler=x,1\nferry=torpedo,.5\n")
    out = tmp_path / "out.csv"
    found = run("learn", reports, "--ratings", out, "--adjudicated", settled, "--rejects", bad)
    assert found.code == 0
    p = {
        row["alternative"]: float(row["p"])
        for row in csv.DictReader(out.read_text().splitlines())
        if row["question"] == "ferry"
    }
    assert p["mine"] == 1.0
    assert sum(p.values()) == 1.0
    reasons = [json.loads(line)["reason"] for line in bad.read_text().splitlines()]
    assert [reason.split(" '")[0] for reason in reasons] == ["no report is about", "does not say which answer to"]


def test_python_learns_as_the_command_does(crowd: Path, tmp_path: Path) -> None:
    _, rows = learned(crowd, tmp_path / "out.csv", *columns())
    with crowd.open(newline="") as stream:
        triples = [(row["object"], row["source"], row["value"]) for row in csv.DictReader(stream)]
    assert [(row.question, row.alternative, f"{row.p:.6f}") for row in learn(triples)] == [
        tuple(row.values()) for row in rows
    ]
    assert {row.question: row.alternative for row in learn(triples, {"o00": "1"}) if row.p == 1.0} == {"o00": "1"}
    with pytest.raises(InputError, match="no answers"):
        learn([])
    wrong: list[Any] = [("q", "s"), ("q", "s", None), "qsa", None]
    for one in wrong:
        with pytest.raises(InputError, match=r"learn:2: .* is no \(question, source, answer\)"):
            learn([("q", "s", "a"), one])
    pairs: Any = [("q", "a")]
    with pytest.raises(InputError, match="no mapping"):
        learn(triples, pairs)


def test_nothing_is_written_over_what_is_read_or_written(crowd: Path, tmp_path: Path) -> None:
    settled, sources, new = (tmp_path / name for name in ("a.csv", "s.toml", "new.toml"))
    settled.write_text("claim,truth\no00,1\n")
    sources.write_text('[[source]]\nname = "good0"\ntype = "media"\n')
    table = ("learn", crowd, "--adjudicated", settled, "--sources", sources)
    for options in (("--ratings", settled), ("--ratings", sources), ("--ratings", new, "--rejects", sources),
                    ("--ratings", new, "--rejects", new), ("--out", new, "--blocs", new),
                    ("--out", new, "--ratings", new), ("--blocs", crowd)):  # fmt: skip
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
        found = run(*table, *options)
        assert (found.code, "too; write somewhere else" in found.err) == (2, True), options
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_dry_run_says_what_would_be_read_and_written_and_writes_nothing(crowd: Path, tmp_path: Path) -> None:
    settled, out = tmp_path / "a.csv", tmp_path / "new.toml"
    settled.write_text("claim,truth\no00,1\n")
    done = run("learn", crowd, "--adjudicated", settled, "--out", out, "--dry-run")
    assert done.code == 0
    assert done.out.splitlines() == [
        f"would read {crowd} (csv)", f"would read what is adjudicated from {settled}",
        f"would write track records to {out}",
    ]  # fmt: skip
    assert not out.exists()
    assert run("learn", crowd, "--adjudicated", tmp_path / "none.csv", "--out", out, "--dry-run").code == 3


def test_records_are_written_as_toml_only(crowd: Path, tmp_path: Path) -> None:
    done = run("learn", crowd, "--out", tmp_path / "records.csv")
    assert done.code == 2
    assert "name it .toml" in done.err


def test_an_alternative_that_was_settled_after_a_day_is_not_known_on_it(tmp_path: Path) -> None:
    reports, settled, out = tmp_path / "r.jsonl", tmp_path / "a.csv", tmp_path / "out.csv"
    told = [("q", source, answer) for source, answer in (("A", "x"), ("B", "y"), ("C", "y"))]
    reports.write_text("".join(json.dumps({"question": q, "alternative": a, "text": a, "stance": "asserts",
                                           "published": "2024-01-01", "provenance": [{"source": s, "type": "media",
                                           "via": "saw-it-ourselves"}]}) + "\n" for q, s, a in told))  # fmt: skip
    settled.write_text("question,alternative,date\nq,x,2024-06\nq,x,\nz,x,someday\n")
    for day, known in (("2024-05-01", False), ("2024-07-01", True)):
        found, rows = learned(reports, out, "--adjudicated", settled, "--as-of", day)
        assert "someday" in found.err
        assert ({row["alternative"]: row["p"] for row in rows}["x"] == "1.000000") is known


def test_claims_that_all_agree_on_are_not_certain(tmp_path: Path) -> None:
    reports = tmp_path / "r.jsonl"
    reports.write_text("".join(json.dumps({"claim": f"c{c}", "stance": "asserts", "provenance": [
        {"source": f"S{s}", "type": "government"}]}) + "\n" for c in range(8) for s in range(5)))  # fmt: skip
    _, rows = learned(reports, tmp_path / "out.csv")
    assert {row["alternative"] for row in rows} == {"true", "false"}
    assert all(0.9 < float(row["p"]) < 1 - 0.4 / 42 for row in rows if row["alternative"] == "true")
