"""A policy of one's own that inherits another, and what a rule means and does."""

import json
import re
import shutil
from pathlib import Path

import pytest

from .command import FIXTURES, ROOT, assert_refused, run

FIGURES = FIXTURES / "seed-figures" / "reports.jsonl"
AGENCY = Path("source-types") / "intelligence-agency.toml"


@pytest.fixture
def mine(folder: Path) -> Path:
    assert run("rules", "init", "mine").code == 0
    return folder / "mine"


def changed(mine: Path) -> None:
    text = (ROOT / "rules" / AGENCY).read_text(encoding="utf-8")
    (mine / AGENCY).write_text(text.replace("p = 0.85", "p = 0.8"), encoding="utf-8")


def test_a_new_policy_is_the_shipped_one(mine: Path) -> None:
    assert run("rules", "check", mine).code == 0
    assert run("rules", "diff", "shipped", mine, "--format", "table").out == "the rules are the same\n"
    both = [run("rate", FIGURES, *rules).records for rules in ((), ("--rules", mine))]
    for one in (*both[0], *both[1]):
        del one["digest"]
    assert both[0] == both[1]


def test_a_rule_with_the_same_id_takes_the_others_place(mine: Path) -> None:
    changed(mine)
    (one,) = json.loads(run("rules", "diff", "shipped", mine, "--format", "json").out)["changes"]
    assert (one["id"], one["fields"]) == ("intelligence-agency", {"effect.p": [0.85, 0.8]})


def test_rules_are_added_and_done_without(mine: Path) -> None:
    (mine / "policy.toml").write_text(
        'inherits = "shipped"\nwithout = ["none-of-these.complete-list"]\n', encoding="utf-8"
    )
    (mine / "sources" / "quay.toml").write_text('[[source]]\nname = "The New Quay"\ntype = "media"\n', encoding="utf-8")
    found = json.loads(run("rules", "diff", "shipped", mine, "--format", "json").out)["changes"]
    assert [(one["what"], one["id"]) for one in found] == [
        ("removed", "none-of-these.complete-list"), ("added", "The New Quay"),
    ]  # fmt: skip


def test_a_scenario_can_be_done_without_where_nothing_is_tested(mine: Path) -> None:
    text = 'inherits = "shipped"\nwithout = ["own-voice"]\n'
    (mine / "policy.toml").write_text(text, encoding="utf-8")
    assert run("rate", FIGURES, "--rules", mine).code == 0
    (gone,) = json.loads(run("rules", "diff", "shipped", mine, "--format", "json").out)["changes"]
    assert (gone["what"], gone["kind"], gone["id"]) == ("removed", "scenarios", "own-voice")
    (mine / "policy.toml").write_text(text.replace("own-voice", "own-voicf"), encoding="utf-8")
    assert_refused(run("rate", FIGURES, "--rules", mine), 3, "no inherited rule 'own-voicf'", "own-voice")


def test_a_policy_can_inherit_one_that_inherits(mine: Path) -> None:
    changed(mine)
    (mine.parent / "theirs").mkdir()
    (mine.parent / "theirs" / "policy.toml").write_text('inherits = "../mine"\n', encoding="utf-8")
    assert run("rules", "diff", mine, mine.parent / "theirs", "--format", "table").out == "the rules are the same\n"


@pytest.mark.parametrize(
    ("text", "parts"),
    [('inherits = "nowhere"', ["nowhere", "is not a folder"]), ('inherits = "."', ["inherit from one another"]),
     ('inherits = "shipped"\nwithout = ["access.first-handd"]', ["without", "did you mean 'access.first-hand'?"]),
     ('inhertis = "shipped"', ["inhertis", "did you mean 'inherits'?"]), ("inherits = 3", ["inherits"]),
     ("inherits =", ["policy.toml", "not TOML"])],
)  # fmt: skip
def test_a_policy_file_that_is_wrong_is_refused_with_its_key(mine: Path, text: str, parts: list[str]) -> None:
    (mine / "policy.toml").write_text(text + "\n", encoding="utf-8")
    assert_refused(run("rate", FIGURES, "--rules", mine), 3, *parts)


def test_what_is_there_already_is_not_started_anew(mine: Path) -> None:
    assert_refused(run("rules", "init", "mine"), 2, "is there already")


def percent(text: str) -> float:
    return float(text.rstrip("%")) / 100


def test_what_a_shift_means_is_what_it_does_to_a_source_of_70_percent(folder: Path) -> None:
    """One source that is right 70 % of the time, read with our own eyes, without a common error: p is its accuracy."""
    rules = folder / "rules"
    shutil.copytree(ROOT / "rules", rules)
    for path, old, new in (
        (rules / "source-types" / "defector-testimony.toml", r"^p = .*", "p = 0.7"),
        (rules / "constants" / "common-error.toml", r"^value = .*", "value = 1.0"),
    ):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(old, new, text, flags=re.MULTILINE), encoding="utf-8")
    link = {"source": "He", "type": "defector-testimony", "facts": {"departed_before_event": True}}
    row = {"claim": "c", "text": "It rained", "provenance": [link]}
    (folder / "r.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (record,) = run("rate", "r.jsonl", "--rules", rules).records
    said = re.search(r"means: turns 70% into ([\d.]+%)", run("rules", "show", "defector.left-before-event").out)
    assert said is not None
    assert percent(said[1]) == pytest.approx(record["rating"]["p"], abs=0.0051)


@pytest.mark.parametrize(
    ("rule", "said"),
    [("intelligence-agency", "right 85% of the time where 50% is to be expected (worth 16 cases)"),
     ("none-of-these.complete-list", "“none of these” is thought 2% likely"),
     ("figures.third-party", "nine times in ten reports between 0.5 and 2 times the true number"),
     ("south-korea", "all members together take an even claim no further than"), ("common-error", "means: is 0.98")],
)  # fmt: skip
def test_what_numbers_mean_is_said_in_words(rule: str, said: str) -> None:
    assert said in run("rules", "show", rule).out


def test_without_a_bloc_its_members_hang_where_it_hung(mine: Path) -> None:
    """South Korea's own bloc caps a lone agency at nothing: the ratings stay, and nothing breaks."""
    text = run("rules", "show", "south-korea", "--on", FIGURES).out
    assert "without it 0 of 5 claims would move" in text
    assert run("rules", "show", "nato", "--on", FIGURES).code == 0
    two = [{"claim": "c", "text": "It rained", "provenance": [{"source": name, "type": "intelligence-agency"}]}
           for name in ("National Intelligence Service", "South Korean Joint Chiefs of Staff")]  # fmt: skip
    Path("r.jsonl").write_text("".join(json.dumps(one) + "\n" for one in two), encoding="utf-8")
    link = 0.7 / 0.98
    apart = (1 + 0.98 * 2 * link / (1 + link**2)) / 2
    (record,) = run("rate", "r.jsonl").records
    assert record["rating"]["p"] < apart - 0.01
    moved = run("rules", "show", "south-korea", "--on", "r.jsonl").out
    assert f"  {record['rating']['p'] * 100:.1f}% → {apart * 100:.1f}%  c: It rained" in moved


def test_what_can_not_be_done_without_is_said() -> None:
    assert "no policy can do without it" in run("rules", "show", "common-error", "--on", FIGURES).out
    assert "no policy can do without it" in run("rules", "show", "government", "--on", FIGURES).out


def test_whom_a_rule_moves_is_what_rating_without_it_gives(mine: Path) -> None:
    text = run("rules", "show", "defector.left-before-event", "--on", FIGURES).out
    assert "fires on 2 links in 2 claims" in text
    assert "without it 2 of 5 claims would move" in text
    (mine / "policy.toml").write_text(
        'inherits = "shipped"\nwithout = ["defector.left-before-event"]\n', encoding="utf-8"
    )
    without = {one["claim"]["id"]: one["rating"]["p"] for one in run("rate", FIGURES, "--rules", mine).records}
    for claim in ("ryu-on-what-came-later", "both-on-what-came-later"):
        assert re.search(rf"→ {without[claim] * 100:.1f}%  {claim}:", text)
