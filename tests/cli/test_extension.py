"""A policy extended without Python: a folder that inherits the shipped one, and what each rule in it does."""

import json
import math
from pathlib import Path

import pytest

from .command import lines, run

COMMON, DIRECT = 0.98, 0.99
RULES = {
    "source-types/harbour-pilot.toml": """
id = "harbour-pilot"
label = "harbour pilot"
rationale = "Sees every ship come in."
carries = true
[effect]
p = 0.8
n = 12
cap_db = 15
""",
    "facts/tide_noted.toml": """
id = "tide_noted"
question = "Did the pilot note the tide?"
rationale = "Who notes the tide keeps a log."
""",
    "modifiers/pilot.toml": """
id = "pilot.tide-noted"
rationale = "Who notes the tide keeps a log."
[when]
source_type = "harbour-pilot"
tide_noted = true
[effect]
shift_db = 2.5
""",
    "hedges/de.toml": """
[[rule]]
id = "de.vermutlich"
rationale = "Der Sprecher nimmt es an."
terms = ["vermutlich", "wohl"]
language = "de"
[rule.effect]
low = 0.6
high = 0.8
""",
    "relays/pilot.toml": """
id = "pilot.by-radio"
rationale = "Over the radio words get lost."
[when]
source_type = "harbour-pilot"
[effect]
factor = 0.9
""",
    "scales/haus.toml": """
id = "haus"
rationale = "The desk's own words."
[[band]]
word = "eher nicht"
low = 0.0
high = 0.5
[[band]]
word = "eher ja"
low = 0.5
high = 0.75
[[band]]
word = "ja"
low = 0.75
high = 1.0
""",
    "typing/harbour-pilot.toml": """
id = "harbour-pilot.head"
rationale = "A harbour's pilot."
priority = 95
[when]
head = "pilot"
[effect]
type = "harbour-pilot"
facts = { tide_noted = true }
""",
    "sources/velm.toml": """
[[source]]
name = "Ada Quill"
aliases = ["Captain Quill"]
type = "harbour-pilot"
[[source]]
name = "The Quay"
type = "media"
""",
}


@pytest.fixture
def mine(folder: Path) -> Path:
    for name, text in {"policy.toml": 'inherits = "shipped"\n', **RULES}.items():
        path = folder / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    return folder / "mine"


def rated(mine: Path, *chain: dict[str, object]) -> dict[str, object]:
    """The rating of one claim that a chain of links makes."""
    Path("r.jsonl").write_text(lines({"claim": "c", "text": "It rained", "provenance": chain}), encoding="utf-8")
    (record,) = run("rate", "r.jsonl", "--rules", mine).records
    found: dict[str, object] = record["rating"]
    return found


def p_of(phi: float) -> float:
    """A lone chain whose channels' fidelities multiply to `phi`, from even odds."""
    return round((1 + phi) / 2, 4)


def phi_of(weight_db: float) -> float:
    odds = 10 ** (weight_db / 10)
    return (odds - 1) / (odds + 1)


def test_the_policy_has_nothing_to_mend_but_what_nobody_wrote(mine: Path) -> None:
    found = json.loads(run("rules", "check", mine, "--format", "json").out)
    assert {one["problem"].split(" that ")[0] for one in found} <= {
        "has no reference", "has no test", "a number without basis and grade",
    }  # fmt: skip


def test_a_source_type_of_ones_own_rates(mine: Path) -> None:
    assert rated(mine, {"source": "N. N.", "type": "harbour-pilot"})["p"] == p_of(0.6)


def test_a_source_of_ones_own_is_found_by_its_alias(mine: Path) -> None:
    assert rated(mine, {"source": "captain  QUILL"})["p"] == p_of(0.6)


def test_a_modifier_of_ones_own_shifts_on_a_fact_of_ones_own(mine: Path) -> None:
    link = {"source": "Ada Quill", "facts": {"tide_noted": True}}
    assert rated(mine, link)["p"] == p_of(phi_of(10 * math.log10(4) + 2.5))


def test_a_hedge_in_another_language_is_a_channel(mine: Path) -> None:
    """h = .7: η = .4 below the source's own .6."""
    assert rated(mine, {"source": "Ada Quill", "hedge": "Vermutlich"})["p"] == p_of(0.6 * 0.4)


def test_a_relay_rule_of_ones_own_lowers_what_is_passed_on(mine: Path) -> None:
    ministry = {"source": "Ministry", "type": "expert", "via": "direct-quote"}
    alone = rated(mine, ministry, {"source": "The Quay"})["p"]
    relayed = rated(mine, ministry, {"source": "Ada Quill"})["p"]
    assert isinstance(alone, float)
    assert isinstance(relayed, float)
    assert relayed == pytest.approx(0.5 + (alone - 0.5) * 0.9, abs=1e-4)


def test_a_scale_of_ones_own_has_its_word_beside_the_published_ones(mine: Path) -> None:
    found = rated(mine, {"source": "Ada Quill"})
    assert (found["icd203"], found["scales"]) == ("very likely", {"haus": "ja"})
    assert rated(mine, {"source": "Ada Quill", "hedge": "wohl"})["scales"] == {"haus": "eher ja"}
    assert rated(mine, {"source": "X", "type": "unknown"})["scales"] == {"haus": None}
    explained = run("explain", "c", "r.jsonl", "--rules", mine).out
    assert "In the policy's own words\n  haus: not assessed\n" in explained
    (shipped,) = run("rate", "r.jsonl").records
    assert "scales" not in shipped["rating"]


def test_a_published_scale_can_have_ones_own_words(mine: Path) -> None:
    text = (Path(__file__).parents[2] / "rules" / "scales" / "phia.toml").read_text(encoding="utf-8")
    (mine / "scales" / "phia.toml").write_text(text.replace('"highly likely"', '"höchst wahrscheinlich"'), "utf-8")
    assert rated(mine, {"source": "Ada Quill"})["phia"] == "höchst wahrscheinlich"


def test_a_typing_rule_of_ones_own_types_who_speaks_in_an_article_with_its_facts(mine: Path, folder: Path) -> None:
    (folder / "a.txt").write_text("The harbour pilot said that the Velm bridge is closed.\n", encoding="utf-8")
    (record,) = run("claims", "a.txt", "--publisher", "The Quay", "--rules", mine).records
    assert record["provenance"][0]["type"] == "harbour-pilot"
    assert record["provenance"][0]["facts"]["tide_noted"] is True
    (plain,) = run("claims", "a.txt", "--publisher", "The Quay:media").records
    assert plain["provenance"][0]["type"] != "harbour-pilot"
    (rating,) = run("rate", "a.txt", "--publisher", "The Quay", "--rules", mine).records
    (link,) = rating["links"][:1]
    assert [shift["rule"] for shift in link["shifts"]] == ["pilot.tide-noted"]


def test_an_english_article_is_hedged_by_a_hedge_of_ones_own(mine: Path, folder: Path) -> None:
    (mine / "hedges" / "harbour.toml").write_text(
        'id = "harbour.by-the-tide"\nrationale = "Pilots say so."\nterms = ["by the tide"]\n'
        "[effect]\nlow = 0.5\nhigh = 0.7\n", encoding="utf-8",
    )  # fmt: skip
    (folder / "a.txt").write_text("Ada Quill said that the ship will by the tide be late.\n", encoding="utf-8")
    records = run("claims", "a.txt", "--all", "--publisher", "The Quay", "--rules", mine).records
    assert [record["provenance"][0]["hedge"] for record in records] == ["by the tide"]
