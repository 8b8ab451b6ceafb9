"""`reliability whatif`: each switch against rating reports that were written so to begin with."""

import json
from pathlib import Path
from typing import Any

import pytest

from .command import FIXTURES, Result, assert_refused, lines, report, run

CLAIM = "bridge"


def chain(*links: tuple[str, str], **facts: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"source": name, "type": kind} for name, kind in links]
    if facts:
        found[0]["facts"] = facts
    return found


MINISTRY = report(id="a")
EXPERT = report(id="b", provenance=chain(("Dr. Mira Holt", "expert"), ("Velm Wire", "wire-agency"),
                                         ("The Quay", "media")))  # fmt: skip
HOLDER = report(id="c", stance="denies", provenance=chain(("Ardan Vale", "defector-testimony"), ("The Post", "media")))
ALL = (MINISTRY, EXPERT, HOLDER)


def write(*records: Any) -> Path:
    Path("r.jsonl").write_text(lines(*records), encoding="utf-8")
    return Path("r.jsonl")


def rating(*records: Any, options: tuple[str, ...] = ()) -> dict[str, Any]:
    (record,) = run("rate", write(*records), *options).records
    return record


def what_if(*change: str, records: tuple[Any, ...] = ALL) -> dict[str, Any]:
    result = run("whatif", CLAIM, write(*records), *change, "--format", "json")
    assert (result.code, result.err) == (0, "")
    return json.loads(result.out)


def p_of(record: dict[str, Any]) -> float:
    return float(record["rating"]["p"])


def same_numbers(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Records alike in everything but digests (the reports or rules were written otherwise) and rule ids."""
    for key in ("rating", "said_so", "counts", "flags", "waterfall", "tree", "without", "tipping_points"):
        assert one[key] == other[key], key


def test_the_json_has_before_after_and_moved() -> None:
    found = what_if("--without", "Dr. Mira Holt")
    assert list(found) == ["before", "after", "moved"]
    assert found["before"] == rating(*ALL)
    assert all(list(one) == ["label", "kind", "before_db", "after_db"] for one in found["moved"])
    gone = next(one for one in found["moved"] if one["label"] == "Dr. Mira Holt")
    assert (gone["kind"], gone["after_db"]) == ("origin", None)
    bars = {(bar["label"], bar["kind"]): bar["db"] for bar in found["before"]["waterfall"]}
    after = {(bar["label"], bar["kind"]): bar["db"] for bar in found["after"]["waterfall"]}
    moved = {(one["label"], one["kind"]): (one["before_db"], one["after_db"]) for one in found["moved"]}
    assert moved == {
        key: (bars.get(key), after.get(key)) for key in {**bars, **after} if bars.get(key) != after.get(key)
    }
    assert run("whatif", CLAIM, "r.jsonl", "--without", "Dr. Mira Holt", "--format", "jsonl").records == [found]


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ("Dr. Mira Holt", (MINISTRY, HOLDER)),
        ("dr. mira HOLT", (MINISTRY, HOLDER)),
        ("Velm Wire", (MINISTRY, HOLDER)),
        ("The Quay", (HOLDER,)),
        ("Ardan Vale", (MINISTRY, EXPERT)),
    ],
)
def test_without_is_rating_the_reports_that_a_source_does_not_stand_in(gone: str, left: tuple[Any, ...]) -> None:
    after = what_if("--without", gone)["after"]
    assert after == rating(*left)


def test_without_can_be_repeated() -> None:
    assert what_if("--without", "Dr. Mira Holt", "--without", "Ardan Vale")["after"] == rating(MINISTRY)


def test_without_agrees_with_the_records_own_leave_one_out() -> None:
    record = rating(*ALL)
    for one in record["without"]:
        if one["kind"] in ("origin", "relay"):
            assert p_of(what_if("--without", one["label"])["after"]) == one["p"]


def test_type_is_rating_a_source_of_that_type() -> None:
    rest = EXPERT["provenance"][1:]
    typed = {**EXPERT, "provenance": [{"source": "Dr. Mira Holt", "type": "eyewitness"}, *rest]}
    same_numbers(what_if("--type", "Dr. Mira Holt=eyewitness")["after"], rating(MINISTRY, typed, HOLDER))


def test_a_relay_that_no_longer_carries_is_the_origin() -> None:
    """Retyped to social media, the wire may not introduce the expert any more."""
    after = what_if("--type", "Velm Wire=social-media")["after"]
    typed = {**EXPERT, "provenance": chain(("Dr. Mira Holt", "expert"), ("Velm Wire", "social-media"),
                                           ("The Quay", "media"))}  # fmt: skip
    same_numbers(after, rating(MINISTRY, typed, HOLDER))
    assert "Dr. Mira Holt" not in [one["origin"] for one in after["said_so"]]


@pytest.mark.parametrize("db", [-2.0, 1.5])
def test_a_shift_is_added_to_the_links_weight(db: float) -> None:
    found = what_if("--shift", f"Velmark Transport Ministry={db}")
    (before, after) = (next(link for link in found[side]["links"] if link["label"].startswith("Velmark"))
                       for side in ("before", "after"))  # fmt: skip
    assert after["base_db"] == before["base_db"]
    assert after["weight_db"] == pytest.approx(before["weight_db"] + db, abs=0.0101)
    assert (p_of(found["after"]) > p_of(found["before"])) == (db > 0)


@pytest.mark.parametrize(("db", "clamped"), [(-40, "floor"), (40, "cap")])
def test_a_shift_beyond_floor_or_cap_is_clamped_and_said_to_be(db: float, clamped: str) -> None:
    found = what_if("--shift", f"Velmark Transport Ministry={db}")["after"]
    link = next(link for link in found["links"] if link["label"].startswith("Velmark"))
    assert link["weight_db"] == (0.0 if db < 0 else 9.0)
    assert link["clamp"].startswith(clamped)
    assert link["base_db"] + sum(s["db"] for s in link["shifts"]) + link["clamp_db"] == pytest.approx(link["weight_db"])
    if db < 0:
        assert p_of(found) == p_of(rating(EXPERT, HOLDER))


@pytest.mark.parametrize("prior", [0.1, 0.5, 0.9])
def test_a_prior_moves_the_odds_before_the_common_error(prior: float) -> None:
    """One direct voice of φ .5: its link .5/.98, guess ½; the common error guesses from the new prior."""
    found = what_if("--prior", str(prior), records=(report(id="a", provenance=chain(("M", "government"))),))["after"]
    f = 0.5 / 0.98
    yes, no = (1 + f) / 2, (1 - f) / 2
    apparent = prior * yes / (prior * yes + (1 - prior) * no)
    assert p_of(found) == pytest.approx(0.98 * apparent + 0.02 * prior, abs=5e-5)
    assert found["waterfall"][0]["p_after"] == prior


def test_same_bloc_is_one_voice_as_heavy_as_its_weightiest() -> None:
    pair = (report(id="a", provenance=chain(("M", "government"))), report(id="b", provenance=chain(("N", "expert"))))
    found = what_if("--same-bloc", "M, N", records=pair)
    assert found["before"]["counts"]["independent"] == 2
    assert found["after"]["counts"]["independent"] == 1
    assert [bar["kind"] for bar in found["after"]["waterfall"]] == ["prior", "bloc", "common-error"]
    alone = p_of(rating(pair[0]))
    assert p_of(found["after"]) == pytest.approx(alone, abs=1e-4), (
        "both φ .5: the bloc's ceiling, which links of 1 reach"
    )
    assert alone < p_of(found["before"])


def test_set_fills_in_a_fact() -> None:
    base = (report(id="a", provenance=chain(("Ardan Vale", "defector-testimony"), ("The Post", "media"))),)
    told = (report(id="a", provenance=chain(("Ardan Vale", "defector-testimony"), ("The Post", "media"),
                                            departed_before_event=True)),)  # fmt: skip
    same_numbers(what_if("--set", "Ardan Vale.departed_before_event=true", records=base)["after"], rating(*told))


def test_set_overrides_a_fact() -> None:
    told = (report(id="a", provenance=chain(("Ardan Vale", "defector-testimony"), ("The Post", "media"),
                                            departed_before_event=True, interest="for")),)  # fmt: skip
    other = (report(id="a", provenance=chain(("Ardan Vale", "defector-testimony"), ("The Post", "media"),
                                             departed_before_event=False, interest="against")),)  # fmt: skip
    change = ("--set", "Ardan Vale.departed_before_event=no", "--set", "Ardan Vale.interest=against")
    same_numbers(what_if(*change, records=told)["after"], rating(*other))


def test_set_changes_a_rules_number() -> None:
    one = (report(id="a", provenance=chain(("M", "government"))),)
    assert p_of(what_if("--set", "common-error.value=0.9", records=one)["after"]) == pytest.approx(0.75, abs=5e-5)
    assert p_of(what_if("--set", "government.p=0.9", records=one)["after"]) == pytest.approx(0.9, abs=0.02)
    shift = what_if("--set", "defector.left-before-event.shift_db=0",
                    records=(report(id="a", provenance=chain(("V", "defector-testimony"),
                                                             departed_before_event=True)),))["after"]  # fmt: skip
    bare = rating(report(id="a", provenance=chain(("V", "defector-testimony"), departed_before_event=False)))
    assert p_of(shift) == p_of(bare)


def test_set_changes_a_figures_numbers() -> None:
    figure = report(id="a", provenance=chain(("M", "government"), ("The Quay", "media")),
                    quantity={"value": 300, "op": "about", "unit": "killed"})  # fmt: skip
    for key in ("figure-knows.value=0.5", "figures.third-party.high=9", "figure-spread.value=0.4"):
        found = what_if("--set", key, records=(figure,))
        assert p_of(found["after"]) < p_of(found["before"]), key


def test_changes_add_up_whatever_their_order() -> None:
    changes = [("--shift", "Dr. Mira Holt=2"), ("--without", "Ardan Vale"), ("--prior", "0.3")]
    flat = [part for pair in changes for part in pair]
    turned = [part for pair in reversed(changes) for part in pair]
    assert what_if(*flat) == what_if(*turned)


def test_a_change_of_nothing_moves_no_bar() -> None:
    found = what_if("--type", "Dr. Mira Holt=expert")
    assert found["moved"] == []
    assert found["before"]["rating"] == found["after"]["rating"]
    out = run("whatif", CLAIM, "r.jsonl", "--shift", "Dr. Mira Holt=0").out
    assert "no bar moved" in out


def test_the_text_says_before_after_and_which_bars_moved() -> None:
    result = run("whatif", CLAIM, write(*ALL), "--without", "Dr. Mira Holt")
    found = what_if("--without", "Dr. Mira Holt")
    text = result.out
    assert text.startswith("bridge: The Velm bridge is closed\n")
    for side in ("before", "after"):
        assert f"{side}:" in text
        assert f"{p_of(found[side]) * 100:.0f}%" in text
        assert found[side]["rating"]["icd203"] in text
    for one in found["moved"]:
        old, new = (f"{db:+.2f} dB" if db is not None else "–" for db in (one["before_db"], one["after_db"]))
        assert f"  {one['label']} [{one['kind']}]: {old} → {new}" in text


def bad(*change: str) -> Result:
    return run("whatif", CLAIM, write(*ALL), *change)


@pytest.mark.parametrize(
    "change",
    ["common-error.value=2", "common-error.value=-1", "said-so-prior.value=0.9", "figure-within.value=0",
        "figure-knows.value=3", "figure-spread.value=0",
     "relay.paraphrase.fidelity=1.2", "government.n=0"],
)  # fmt: skip
def test_constants_have_bounds(change: str) -> None:
    figure = {**MINISTRY, "quantity": {"value": 300, "unit": "killed"}}
    result = run("whatif", CLAIM, write(figure), "--set", change)
    assert_refused(result, 2, change.split("=")[0])


def test_other_claims_change_neither_staleness_nor_relations() -> None:
    old = report(id="a", claim="old", text="The Velm bridge is closed", published="2020-01-01")
    new = report(id="b", claim="new", text="The Velm bridge is closed again", published="2025-01-01")
    found = json.loads(run("whatif", "old", write(old, new), "--shift", "The Quay=0", "--format", "json").out)
    assert "stale" in found["before"]["flags"]
    assert found["before"]["related"]
    assert found["after"]["flags"] == found["before"]["flags"]
    assert found["after"]["related"] == found["before"]["related"]


@pytest.mark.parametrize("option", ["--without={}", "--type={}=expert", "--shift={}=2", "--same-bloc={},Ardan Vale",
                                    "--set={}.first_hand=true"])  # fmt: skip
def test_an_unknown_source_lists_the_near_names(option: str) -> None:
    assert_refused(bad(option.format("Dr. Mira Hold")), 2, "Dr. Mira Hol", "Dr. Mira Holt")


@pytest.mark.parametrize(
    "change",
    [("--type", "Dr. Mira Holt=exprt"), ("--type", "Dr. Mira Holt"), ("--shift", "Dr. Mira Holt=much"),
     ("--shift", "Dr. Mira Holt=nan"), ("--shift", "Dr. Mira Holt=1e9"), ("--prior", "1"), ("--prior", "0"),
     ("--prior", "nan"), ("--prior", "half"), ("--same-bloc", "Ardan Vale"),
     ("--set", "common-error.worth=1"), ("--set", "common-error=1"),
     ("--set", "government.p=nan"), ("--set", "Ardan Vale.first_hand=maybe"), ("--set", "nothing"), (),
     ("--without", "The Quay", "--without", "The Post"),
     ("--type", "Dr. Mira Holt=expert", "--type", "dr. mira holt=eyewitness"),
     ("--set", "Ardan Vale.first_hand=true", "--set", "Ardan Vale.first_hand=false"),
     ("--set", "government.p=0.8", "--set", "government.p=0.7"),
     ("--without", "Ardan Vale", "--type", "Ardan Vale=expert"),
     ("--without", "Ardan Vale", "--shift", "Ardan Vale=2"),
     ("--without", "Ardan Vale", "--set", "Ardan Vale.first_hand=true")],
)  # fmt: skip
def test_what_can_not_be_changed_is_a_usage_error(change: tuple[str, ...]) -> None:
    result = bad(*change)
    assert result.code == 2, result.out
    assert result.stdout == b""
    assert "Traceback" not in result.err


def test_a_contradiction_is_named() -> None:
    assert_refused(
        bad("--type", "Ardan Vale=expert", "--type", "Ardan Vale=eyewitness"), 2, "both expert and eyewitness"
    )
    assert_refused(bad("--without", "Ardan Vale", "--shift", "Ardan Vale=2"), 2, "left out by --without")


def test_the_same_change_twice_is_one() -> None:
    once, twice = (
        run("whatif", CLAIM, write(*ALL), *(["--type", "Dr. Mira Holt=expert"] * n), "--format", "json").out
        for n in (1, 2)
    )
    assert once == twice != ""


def test_two_spellings_of_one_source_are_no_bloc() -> None:
    assert_refused(bad("--same-bloc", "Ardan Vale,ardan vale"), 2)


def test_a_near_type_is_named() -> None:
    assert_refused(bad("--type", "Dr. Mira Holt=exprt"), 2, "expert")


def test_an_unknown_claim_is_a_usage_error() -> None:
    assert_refused(run("whatif", "brdge", write(*ALL), "--prior", "0.3"), 2, "no such claim", "bridge")


def test_one_report_of_a_question_and_of_a_figures_question_can_be_changed() -> None:
    """What a question's other answers and a figure's other claims say stays in the picture."""
    pair = (report(id="a", claim="a", question="dead", quantity={"value": 300, "unit": "killed"},
                   provenance=chain(("R", "official-document"))),
            report(id="b", claim="b", question="dead", quantity={"value": 3000, "unit": "killed"},
                   provenance=chain(("S", "official-document"))))  # fmt: skip
    result = run("whatif", "a", write(*pair), "--shift", "R=0", "--format", "json")
    found = json.loads(result.out)
    assert found["after"]["rating"] == found["before"]["rating"]
    assert found["moved"] == []
    named = tuple(report(id=x, claim=None, question="q", alternative=x, provenance=chain((f"S{x}", "government")))
                  for x in "ab")  # fmt: skip
    named = tuple({key: value for key, value in one.items() if value is not None} for one in named)
    found = json.loads(run("whatif", "q=a", write(*named), "--without", "Sb", "--format", "json").out)
    (left,) = (one["p"] for one in found["before"]["without"] if one["label"] == "Sb")
    assert found["after"]["rating"]["p"] == left
    assert found["after"]["alternatives"] == found["before"]["alternatives"] == ["a", "b", "none of these"]


def answer(alternative: str, name: str, kind: str) -> dict[str, Any]:
    told = report(id=name, provenance=chain((name, kind)))
    return {
        **{key: value for key, value in told.items() if key != "claim"},
        "question": "q",
        "alternative": alternative,
    }


def test_same_bloc_on_a_question_is_as_heavy_as_its_weightiest() -> None:
    """Two who name one answer are one voice: as if only one had."""
    pair = [answer("A", "M", "government"), answer("A", "N", "expert"), answer("B", "O", "eyewitness")]
    Path("r.jsonl").write_text("".join(json.dumps(one) + "\n" for one in pair), encoding="utf-8")
    found = json.loads(run("whatif", "q=A", "r.jsonl", "--same-bloc", "M,N", "--format", "json").out)
    Path("one.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (pair[0], pair[2])), encoding="utf-8")
    alone = [json.loads(line) for line in run("rate", "one.jsonl", "--format", "jsonl").out.splitlines()]
    (expected,) = (one["rating"]["p"] for one in alone if one["claim"]["id"] == "q=A")
    assert found["after"]["rating"]["p"] == pytest.approx(expected, abs=1e-4)
    assert found["before"]["rating"]["p"] > expected


def test_a_prior_of_none_of_these_can_be_asked_for_and_no_other_answers() -> None:
    rows = [answer("A", "M", "government"), answer("B", "N", "expert")]
    Path("r.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    found = json.loads(run("whatif", "q=none of these", "r.jsonl", "--prior", ".9", "--format", "json").out)
    assert found["after"]["prior"] == [0.05, 0.05, 0.9]
    assert_refused(run("whatif", "q=A", "r.jsonl", "--prior", ".9"), 2, "none of these")


def test_a_value_that_a_fact_cannot_have_is_a_usage_error() -> None:
    base = (report(id="a", provenance=chain(("Ardan Vale", "defector-testimony"), ("The Post", "media"))),)
    Path("r.jsonl").write_text("".join(json.dumps(one) + "\n" for one in base), encoding="utf-8")
    assert_refused(run("whatif", base[0]["claim"], "r.jsonl", "--set", "Ardan Vale.interest=sideways"), 2, "interest")


def test_without_an_origin_of_a_question_is_what_the_rating_says_of_it() -> None:
    """Leave-one-out and what-if have one p for each answer, also where only that source gives the answer."""
    reports = FIXTURES / "three-answers" / "reports.jsonl"
    for record in run("rate", reports, "--format", "jsonl").records:
        claim = record["claim"]["id"]
        for one in record["without"]:
            if one["kind"] != "origin":
                continue
            found = json.loads(run("whatif", claim, reports, "--without", one["label"], "--format", "json").out)
            assert found["after"]["rating"]["p"] == one["p"], (claim, one["label"])
            assert found["after"]["alternatives"] == record["alternatives"]


def test_a_source_left_out_can_not_speak_as_one_with_another() -> None:
    assert_refused(
        bad("--same-bloc", "Ardan Vale,Dr. Mira Holt", "--without", "Ardan Vale"), 2, "left out by --without"
    )
