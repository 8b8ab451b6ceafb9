"""Dated rules: `--as-of` picks the day's numbers, and a rating made last year replays with last year's."""

import json
import math
from pathlib import Path

import pytest

from .command import lines, run

TYPE = """
id = "pilot"
label = "pilot"
rationale = "Sees every ship come in."
[[effect]]
p = 0.7
n = 12
cap_db = 15
since = 2024-03-01
"""
LATER = """
[[effect]]
p = 0.8
n = 12
cap_db = 15
since = 2025-03-01
"""
LOG = """
id = "log"
rationale = "A log is kept at the time."
[when]
tide_noted = true
[effect]
shift_db = 2.0
"""
FACT = 'id = "tide_noted"\nrationale = "Whether the tide was noted."\n'
CHAIN = [{"source": "Ada Quill", "type": "pilot", "facts": {"tide_noted": True}}]
BASE = {0.7: 10 * math.log10(7 / 3), 0.8: 10 * math.log10(4)}


def write(mine: Path, **rules: str) -> Path:
    for name, text in {"facts/tide_noted": FACT, **rules}.items():
        path = mine / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    (mine / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
    return mine


def rated(mine: Path, as_of: str | None = None) -> dict[str, object]:
    Path("r.jsonl").write_text(lines({"claim": "c", "text": "It rained", "provenance": CHAIN}), encoding="utf-8")
    (record,) = run("rate", "r.jsonl", "--rules", mine, *(("--as-of", as_of) if as_of else ())).records
    found: dict[str, object] = record
    return found


def p_of(record: dict[str, object]) -> float:
    rating = json.loads(json.dumps(record["rating"]))
    return float(rating["p"])


def even(weight_db: float) -> float:
    """What a lone source of that weight brings even odds to."""
    odds = 10 ** (weight_db / 10)
    return round(odds / (1 + odds), 4)


@pytest.mark.parametrize(
    ("as_of", "p"),
    [("1999-01-01", 0.7), ("2024-02-29", 0.7), ("2024-03-01", 0.7), ("2025-02-28", 0.7), ("2025-03-01", 0.8),
     ("2031-01-01", 0.8), (None, 0.8)],
)  # fmt: skip
def test_a_number_is_that_of_its_day_and_before_the_first_day_the_first(
    folder: Path, as_of: str | None, p: float
) -> None:
    mine = write(folder / "mine", **{"source-types/pilot": TYPE + LATER})
    assert p_of(rated(mine, as_of)) == even(BASE[p])


@pytest.mark.parametrize(
    ("dates", "as_of", "fires"),
    [("until = 2025-06-01", "2025-05-31", True), ("until = 2025-06-01", "2025-06-01", False),
     ("until = 2025-06-01", "2026-01-01", False), ("until = 2025-06-01", None, False),
     ("since = 2025-06-01", "2025-05-31", False), ("since = 2025-06-01", "2025-06-01", True),
     ("since = 2025-06-01", None, True)],
)  # fmt: skip
def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end(
    folder: Path, dates: str, as_of: str | None, fires: bool
) -> None:
    mine = write(folder / "mine", **{"source-types/pilot": TYPE, "modifiers/log": f"{dates}\n{LOG.lstrip()}"})
    record = rated(mine, as_of)
    assert p_of(record) == even(BASE[0.7] + (2.0 if fires else 0.0))
    assert ('"rule": "log"' in json.dumps(record["links"])) is fires


def test_one_rule_takes_anothers_place_on_a_day_though_both_set_one_number(folder: Path) -> None:
    def setting(name: str, dates: str, p: float) -> str:
        return (f'id = "{name}"\nrationale = "One after the other."\n{dates}\n[when]\nsource_type = "pilot"\n'
                f"[effect]\np = {p}\n")  # fmt: skip

    mine = write(
        folder / "mine", **{"source-types/pilot": TYPE,
                            "modifiers/old": setting("old", "until = 2025-06-01", 0.9),
                            "modifiers/new": setting("new", "since = 2025-06-01", 0.6)},
    )  # fmt: skip
    assert [p_of(rated(mine, day)) for day in ("2025-05-31", "2025-06-01", None)] == [0.9, 0.6, 0.6]


def test_a_rating_made_last_year_replays_with_last_years_numbers(folder: Path) -> None:
    """The policy goes on: a number is added, a rule ends. As of last year all is as it was, digests aside."""
    before = write(folder / "before", **{"source-types/pilot": TYPE, "modifiers/log": LOG})
    after = write(folder / "after", **{"source-types/pilot": TYPE + LATER,
                                       "modifiers/log": "until = 2025-06-01\n" + LOG.lstrip()})  # fmt: skip
    made, again = rated(before, "2025-02-28"), rated(after, "2025-02-28")
    digests = [one.pop("digest") for one in (made, again)]
    assert made == again
    assert digests[0] != digests[1]
    assert p_of(rated(after)) == even(BASE[0.8]) != p_of(made)


def test_the_day_changes_no_digest_of_the_rules(folder: Path) -> None:
    mine = write(folder / "mine", **{"source-types/pilot": TYPE + LATER})
    assert rated(mine, "2024-06-01")["digest"] == rated(mine, "2030-01-01")["digest"] == rated(mine)["digest"]


def test_show_says_from_when_to_when_a_rule_holds(folder: Path) -> None:
    mine = write(folder / "mine", **{"modifiers/log": "since = 2025-01-01\n" + LOG.lstrip()})
    assert "in force from: 2025-01-01" in run("rules", "show", "log", "--rules", mine).out.splitlines()


def test_diff_and_show_see_values_of_the_past_and_ended_rules(folder: Path) -> None:
    """An old value that changes moves old ratings; a rule that has ended is still shown, as not in force."""

    def policy(name: str, old: float) -> Path:
        place = folder / name / "modifiers"
        place.mkdir(parents=True)
        (folder / name / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
        rule = 'rationale = "Made up for a test."\n[when]\nfirst_hand = true\n'
        values = "".join(f'[[effect]]\nshift_db = {db}\nsince = {day}\nbasis = "elicited"\ngrade = "D"\n'
                         for db, day in ((old, "2024-01-01"), (-2.0, "2025-01-01")))  # fmt: skip
        (place / "dated.toml").write_text(f'id = "dated"\n{rule}{values}', encoding="utf-8")
        ended = f'id = "ended"\nuntil = 2024-06-01\n{rule}[effect]\nshift_db = 1.0\nbasis = "elicited"\ngrade = "D"\n'
        (place / "ended.toml").write_text(ended, encoding="utf-8")
        return folder / name

    one, other = policy("one", -1.0), policy("other", -9.0)
    (change,) = json.loads(run("rules", "diff", one, other, "--format", "json").out)["changes"]
    assert (change["id"], change["fields"]) == ("dated", {"effect since 2024-01-01: shift_db": [-1.0, -9.0]})
    assert (
        json.loads(run("rules", "diff", one, other, "--as-of", "2025-06-01", "--format", "json").out)["changes"] == []
    )
    shown = run("rules", "show", "dated", "--rules", other).out
    assert "value since 2024-01-01: shift_db -9.0" in shown
    assert "not in force" in run("rules", "show", "ended", "--rules", one).out
    assert "not in force" not in run("rules", "show", "ended", "--rules", one, "--as-of", "2024-01-01").out
