"""Each odd or bad input that issue 9 names, through `learn` (both ways) and `calibrate`."""

import json
from pathlib import Path

import pytest

from .command import Result, run

STANCES = {
    "one report": [("c0", "A", "asserts")],
    "one source": [(f"c{n}", "A", "asserts") for n in range(9)],
    "everyone agrees": [(f"c{n}", who, "asserts") for n in range(6) for who in "ABCD"],
    "everyone disagrees": [(f"c{n}", who, "asserts" if who in "AB" else "denies") for n in range(6) for who in "ABCD"],
}


def three_ways(folder: Path, said: list[tuple[str, str, str]], settled: str) -> list[Result]:
    """The runs of `learn --ratings`, `learn --out` and `calibrate` on the same files."""
    reports, truth = folder / "r.jsonl", folder / "a.csv"
    reports.write_text("".join(json.dumps({"claim": claim, "stance": stance, "provenance": [
        {"source": who, "type": "government"}]}) + "\n" for claim, who, stance in said))  # fmt: skip
    truth.write_text(settled)
    given = (reports, "--adjudicated", truth)
    return [
        run("learn", *given, "--ratings", folder / "p.csv"),
        run("learn", *given, "--out", folder / "s.toml"),
        run("calibrate", *given, "-o", folder / "c.json"),
    ]


@pytest.mark.parametrize("name", STANCES)
def test_odd_sets_are_learned_from_and_scored(tmp_path: Path, name: str) -> None:
    assert [one.code for one in three_ways(tmp_path, STANCES[name], "claim,truth\nc0,1\n")] == [0, 0, 0]
    rows = [line.split(",") for line in (tmp_path / "p.csv").read_text().splitlines()[1:]]
    p = {question: float(chance) for question, answer, chance in rows if answer == "true"}
    assert p.pop("c0") == 1.0
    assert all(0.5 < chance < 1.0 for chance in p.values()), "who was right before is believed, and not blindly"
    scored = json.loads((tmp_path / "c.json").read_text())
    assert (scored["claims"]["rated_and_settled"], scored["scores"]["share_true"]) == (1, 1.0)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("c1,1.5", "truth: must be at most 1"),
        ("c1,-0.1", "truth: must be at least 0"),
        ("c1,nan", "must be a finite number"),
        ("c1,", "truth: is missing"),
        ("nowhere,1", "'nowhere'"),
        ("c1,0\nc1,1", "line 3 says 0, line 4 says 1"),
    ],
)
def test_a_bad_adjudication_is_a_reject_everywhere_and_the_others_count(tmp_path: Path, row: str, told: str) -> None:
    for found in three_ways(tmp_path, STANCES["everyone agrees"], f"claim,truth\nc0,1\n{row}\n"):
        assert found.code == 0
        assert told in found.err
        assert "Traceback" not in found.err
