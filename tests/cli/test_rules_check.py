"""`rules check`: all findings of all files, in every format, and nothing that a hostile rule could slip through."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from .command import ROOT, run

BROKEN = ROOT / "tests" / "broken-rules"
OWN = 'inherits = "shipped"\n'
RULE = """id = "{id}"
rationale = "r"
{more}
[[references]]
title = "Elicited for this test, 2026"

[when]
{when}

[effect]
shift_db = {db}
basis = "elicited"
grade = "D"

[[test]]
name = "a"
given = {{ n_links = {yes} }}
expect = "fires"

[[test]]
name = "b"
given = {{ n_links = {no} }}
expect = "does not fire"

[[test]]
name = "c"
expect = "unknown"
"""


def own(folder: Path, **files: str) -> Path:
    """A policy of one's own in the folder `mine`; `modifiers__x` names modifiers/x.toml."""
    place = folder / "mine"
    place.mkdir()
    (place / "policy.toml").write_text(OWN, encoding="utf-8")
    for name, text in files.items():
        path = place / (name.replace("__", "/") + ".toml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def three(folder: Path) -> Path:
    """Two broken files and a fault of a third, beside one another."""
    place = own(folder, modifiers__c=RULE.format(id="z", more="", when="n_links = { at_least = 3 }", db=1, yes=3, no=1))
    shutil.copy(BROKEN / "not-toml/modifiers/x.toml", place / "modifiers/a.toml")
    shutil.copy(BROKEN / "unknown-key/modifiers/x.toml", place / "modifiers/b.toml")
    return place


def test_it_goes_on_after_the_first_wrong_file(three: Path) -> None:
    done = run("rules", "check", "mine", "--format", "table")
    assert done.code == 1
    assert done.out.splitlines()[:-1] == [
        "mine/modifiers/a.toml:14:9: is not TOML: Invalid value; mend the syntax",
        "mine/modifiers/b.toml:2:1: x: qestion: no such key here; did you mean 'question'?",
        "mine/modifiers/c.toml:1:1: z: id: stands in a file named 'c'; name the file after the rule, or after its "
        "family",
    ]
    assert done.out.splitlines()[-1].endswith(" 3 findings")


def test_rules_beside_a_broken_one_are_looked_at_for_all_they_do(folder: Path) -> None:
    never = RULE.format(id="b", more="", when="n_links = { at_least = 9, at_most = 3 }", db=1, yes=9, no=1)
    on_broken = RULE.format(id="d", more="", when="recorded_well = true", db=1, yes=9, no=1)
    own(folder, modifiers__a="id = ", modifiers__b=never, facts__recorded_well='id = "recorded_well"\nkind = "x"\n',
        modifiers__d=on_broken)  # fmt: skip
    found = run("rules", "check", "mine", "--format", "jsonl").records
    assert [(one["file"].removeprefix("mine/"), one["check"], one["key"]) for one in found] == [
        ("facts/recorded_well.toml", "load", "rationale"), ("facts/recorded_well.toml", "load", "kind"),
        ("modifiers/a.toml", "load", ""), ("modifiers/b.toml", "condition", "when"),
    ]  # fmt: skip


def test_what_a_broken_file_was_to_define_is_not_missed_as_well(folder: Path) -> None:
    copy = Path(shutil.copytree(ROOT / "rules", folder / "copy"))
    media = copy / "source-types" / "media.toml"
    media.write_text(media.read_text(encoding="utf-8").replace("cap_db", "cap_bd"), encoding="utf-8")
    done = run("rules", "check", "copy", "--format", "jsonl")
    assert [(one["file"], one["key"]) for one in done.records] == [("copy/source-types/media.toml", "effect.cap_bd")]


def test_the_shipped_policy_has_no_findings_in_any_format() -> None:
    for form in ("json", "github", "sarif", "table"):
        done = run("rules", "check", "--format", form)
        assert done.code == 0, done.out
        if form == "table":
            assert re.fullmatch(r"\d+ rules, \d+ tests, 0 findings\n", done.out)
        elif form == "sarif":
            assert json.loads(done.out)["runs"][0]["results"] == []
        else:
            assert done.out.strip() in ("", "[]")


def test_sarif_has_the_same_findings_with_places_rules_and_levels(three: Path) -> None:
    listed = run("rules", "check", "mine", "--format", "jsonl").records
    log = json.loads(run("rules", "check", "mine", "--format", "sarif").out)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert one["columnKind"] == "unicodeCodePoints"
    assert len({rule["id"] for rule in rules}) == len(rules)
    got = []
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == ("error" if result["ruleId"] == "load" else "warning")
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        got.append((unquote(place["artifactLocation"]["uri"]), region["startLine"], region["startColumn"]))
        assert result["message"]["text"]
    assert got == [(row["file"], row["line"], row["column"]) for row in listed]


def test_a_file_outside_the_folder_has_a_file_uri_and_one_without_line_no_region(folder: Path) -> None:
    shutil.copytree(BROKEN / "wrong-folder", folder.parent / "my own")
    log = json.loads(run("rules", "check", folder.parent / "my own", "--format", "sarif").out)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"file://{folder.parent}/my%20own/modifer/x.toml"
    assert "region" not in place


def test_github_gets_a_command_a_line(three: Path) -> None:
    done = run("rules", "check", three, "--format", "github")
    assert done.code == 1
    assert done.out.splitlines() == [
        "::error file=mine/modifiers/a.toml,line=14,col=9,title=load::is not TOML: Invalid value; mend the syntax",
        "::error file=mine/modifiers/b.toml,line=2,col=1,title=x::qestion: no such key here; did you mean 'question'?",
        "::warning file=mine/modifiers/c.toml,line=1,col=1,title=z::id: stands in a file named 'c'; name the file "
        "after the rule, or after its family",
    ]


HOSTILE = '"a%0A::error::x,y\\n::error::\\u202e\\u001b[2J"'


def test_hostile_names_make_no_line_or_command_of_their_own(folder: Path) -> None:
    own(folder, sources__x=f'[[source]]\nname = {HOSTILE}\ntype = "medai"\n')
    github = run("rules", "check", "mine", "--format", "github").out
    assert github.count("\n") == 1
    assert "title=a%250A%3A%3Aerror%3A%3Ax%2Cy\\x0a%3A%3Aerror" in github
    for form in ("table", "json", "sarif", "github"):
        out = run("rules", "check", "mine", "--format", form).out
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", out)


def test_a_pair_that_says_that_it_is_meant_is_no_finding(folder: Path) -> None:
    narrow = {"when": "n_links = { at_least = 5 }", "yes": 5, "no": 1}
    wide = {"when": "n_links = { at_least = 3 }", "yes": 3, "no": 1}
    place = own(folder, modifiers__a=RULE.format(id="a", more="", db=1, **wide),
                modifiers__b=RULE.format(id="b", more="", db=-1, **narrow))  # fmt: skip
    (found,) = run("rules", "check", "mine", "--format", "jsonl").records
    assert (found["check"], found["rule"]) == ("opposed", "b")
    meant = RULE.format(id="b", more='beside = ["a"]', db=-1, **narrow)
    (place / "modifiers/b.toml").write_text(meant, encoding="utf-8")
    assert run("rules", "check", "mine", "--format", "jsonl").code == 0


def test_what_is_no_folder_is_bad_input_and_two_folders_are_a_usage_error(folder: Path) -> None:
    assert run("rules", "check", "nowhere").code == 3
    assert run("rules", "check", "nowhere", "--rules", "elsewhere").code == 2
    (folder / "empty").mkdir()
    done = run("rules", "check", "empty", "--format", "table")
    assert done.code == 1
    assert "empty: holds no rules" in done.out


def test_the_ending_of_the_output_file_says_the_format(three: Path, folder: Path) -> None:
    assert run("rules", "check", "mine", "-o", "found.sarif").code == 1
    assert json.loads((folder / "found.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert run("rules", "check", "mine", "-o", "found.json").code == 1
    assert len(json.loads((folder / "found.json").read_text(encoding="utf-8"))) == 3


@pytest.mark.parametrize("name", ["scenario", "policy", "sources", "report"])
def test_every_schema_is_printed_as_json(name: str) -> None:
    assert json.loads(run("schema", name).out)["type"] == "object"


def test_the_schema_of_a_kind_of_rule_is_of_a_file_and_other_kinds_have_near_names() -> None:
    assert "rule" in json.loads(run("schema", "rule", "--kind", "modifiers").out)["properties"]
    assert set(json.loads(run("schema", "rule").out)) > {"modifiers", "relays", "scenarios"}
    assert "did you mean 'modifiers'" in run("schema", "rule", "--kind", "modifier").err
    assert run("schema", "policy", "--kind", "modifiers").code == 2


def test_a_policy_that_was_just_started_has_no_findings_and_schemas_for_editors(folder: Path) -> None:
    assert run("rules", "init", "mine").code == 0
    assert run("rules", "check", "mine").code == 0
    for path in (ROOT / "rules" / ".schemas").iterdir():
        assert (folder / "mine" / ".schemas" / path.name).read_bytes() == path.read_bytes()
    assert (folder / "mine" / ".taplo.toml").is_file()
