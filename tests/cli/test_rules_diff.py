"""`rules diff`: what two policies differ in, and whose ratings move."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from .command import FIXTURES, ROOT, assert_refused, run

FIGURES = FIXTURES / "seed-figures" / "reports.jsonl"
AGENCY = Path("source-types") / "intelligence-agency.toml"


@pytest.fixture
def changed(folder: Path) -> Path:
    """The shipped rules with one number, one rule and one source less or other."""
    place = folder / "rules"
    shutil.copytree(ROOT / "rules", place)
    text = (place / AGENCY).read_text(encoding="utf-8")
    assert "p = 0.85" in text
    (place / AGENCY).write_text(text.replace("p = 0.85", "p = 0.8"), encoding="utf-8")
    (place / "priors" / "none-of-these.toml").unlink()
    (place / "sources" / "zz.toml").write_text('[[source]]\nname = "The New Quay"\ntype = "media"\n', encoding="utf-8")
    return place


@pytest.mark.parametrize("other", ["shipped", str(ROOT / "rules")])
def test_a_policy_does_not_differ_from_itself(folder: Path, other: str) -> None:
    result = run("rules", "diff", "shipped", other, "--on", FIGURES, "--format", "json")
    assert result.code == 0
    found = json.loads(result.out)
    assert (found["changes"], found["moves"]) == ([], [])
    assert sum(row["claims"] for row in found["words"]) == 5
    assert run("rules", "diff", "shipped", other, "--format", "table").out == "the rules are the same\n"


def test_what_was_added_removed_and_changed_is_said_by_field(changed: Path) -> None:
    result = run("rules", "diff", "shipped", changed, "--format", "json")
    assert result.code == 1
    assert json.loads(result.out)["changes"] == [
        {"kind": "priors", "id": "none-of-these.complete-list", "what": "removed", "fields": {}},
        {"kind": "source-types", "id": "intelligence-agency", "what": "changed", "fields": {"effect.p": [0.85, 0.8]}},
        {"kind": "sources", "id": "The New Quay", "what": "added", "fields": {}},
    ]
    back = json.loads(run("rules", "diff", changed, "shipped", "--format", "json").out)
    assert [one["what"] for one in back["changes"]] == ["added", "changed", "removed"]
    assert back["changes"][1]["fields"] == {"effect.p": [0.8, 0.85]}


def test_the_moves_are_the_ratings_under_each_policy_largest_first(changed: Path) -> None:
    found = json.loads(run("rules", "diff", "shipped", changed, "--on", FIGURES, "--format", "json").out)
    before, after = ({one["claim"]["id"]: one["rating"] for one in run("rate", FIGURES, *rules).records}
                     for rules in ((), ("--rules", changed)))  # fmt: skip
    moved = {one["claim"]: one for one in found["moves"]}
    assert moved.keys() == {claim for claim in before if before[claim]["p"] != after[claim]["p"]}
    assert len(moved) == 3
    for claim, one in moved.items():
        assert (one["before"], one["word_before"]) == (before[claim]["p"], before[claim]["icd203"])
        assert (one["after"], one["word_after"]) == (after[claim]["p"], after[claim]["icd203"])
    sizes = [abs(one["after"] - one["before"]) for one in found["moves"]]
    assert sizes == sorted(sizes, reverse=True)
    words = {(row["before"], row["after"]): row["claims"] for row in found["words"]}
    assert sum(words.values()) == len(before)
    for (old, new), n in words.items():
        assert n == sum(before[c]["icd203"] == old and after[c]["icd203"] == new for c in before)


def test_articles_are_read_under_each_policy(changed: Path) -> None:
    """What a typing rule makes of a mention shows: without a publisher's entry the outlet is unknown."""
    (changed / "sources" / "zz.toml").write_text('[[source]]\nname = "Quay Post"\ntype = "media"\n', encoding="utf-8")
    Path("a.txt").write_text(
        "A ministry spokesman said that the bridge at Velm was closed on Monday.\n", encoding="utf-8"
    )
    given = ("--on", "a.txt", "--publisher", "Quay Post", "--format", "json", "--quiet")
    (one,) = json.loads(run("rules", "diff", "shipped", changed, *given).out)["moves"]
    assert one["before"] == 0.52  # an unknown outlet carries nothing, and is one of a crowd
    assert one["after"] > 0.6


def test_the_table_has_decibans_words_and_a_picture_of_the_shifts(changed: Path) -> None:
    text = run("rules", "diff", "shipped", changed, "--on", FIGURES, "--most", "1", "--format", "table").out
    assert "effect.p: 0.85 → 0.8 (7.53 → 6.02 dB at even odds)" in text
    assert "3 of 5 claims move" in text
    assert "… and 2 more" in text
    assert "very likely → likely" in text
    rows = [line.split() for line in text[text.index("how far p moves") :].splitlines()[1:]]
    assert sum(int(row[2]) for row in rows) == 5


def test_a_revision_of_the_repository_is_a_policy(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(changed.parent)
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "rules"), (*who, "commit", "-qm", "rules")):
        subprocess.run(["git", *command], check=True, capture_output=True)
    (changed / "sources" / "zz.toml").unlink()
    found = json.loads(run("rules", "diff", "git:HEAD", "rules", "--format", "json").out)
    assert found["changes"] == [{"kind": "sources", "id": "The New Quay", "what": "removed", "fields": {}}]
    assert_refused(run("rules", "diff", "git:nowhere", "rules"), 3, "git says")
    assert_refused(run("rules", "diff", "git:--output=x", "rules"), 3, "names no revision")
    assert_refused(run("rules", "diff", "git:HEAD:elsewhere", "rules"), 3, "git says")


def test_an_archived_policy_is_found_by_its_digest(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest that its ratings had then: git is the archive."""
    monkeypatch.chdir(changed.parent)
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    (then,) = {one["digest"]["rules"] for one in run("rate", FIGURES, "--rules", "rules").records}
    for command in (("init", "-q"), ("add", "rules"), (*who, "commit", "-qm", "rules")):
        subprocess.run(["git", *command], check=True, capture_output=True)
    (changed / "sources" / "zz.toml").unlink()
    subprocess.run(["git", *who, "commit", "-qam", "less"], check=True, capture_output=True)
    for name in (then, then[:20]):
        found = json.loads(run("rules", "diff", name, "rules", "--format", "json").out)
        assert found["changes"] == [{"kind": "sources", "id": "The New Quay", "what": "removed", "fields": {}}]
    assert_refused(run("rules", "diff", "sha256:" + "0" * 64, "rules"), 3, "none of 2 revisions")
    assert_refused(run("rules", "diff", "sha256:12", "rules"), 3, "is no digest")


def test_what_is_no_policy_is_refused(folder: Path) -> None:
    assert_refused(run("rules", "diff", "", "shipped"), 3, "an empty name")
    assert_refused(run("rules", "diff", "shipped", "missing"), 3, "missing")
