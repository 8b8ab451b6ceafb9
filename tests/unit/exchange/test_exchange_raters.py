"""Raters' files: people's tables and the engine's own output, matched by id or text, gaps kept as gaps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exchange_dossier import POLICY, fixture, seed

from reliability.errors import InputError, UsageError
from reliability.exchange.agreeing import Agreed, Order, agreed
from reliability.exchange.raters import Rater, Value, read_raters
from reliability.io.writers import dump_records

ICD = Order.of_scale(POLICY.scales["icd203"])


def files(folder: Path, *texts: str, ending: str = "csv") -> list[Path]:
    found = [folder / f"rater{at}.{ending}" for at in range(len(texts))]
    for path, text in zip(found, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return found


def by_level(found: Agreed) -> dict[str, float | None]:
    return {one.level: one.alpha for one in found.together}


def test_labels_and_probabilities_are_read_and_gaps_stay_gaps(tmp_path: Path) -> None:
    (rater,) = read_raters(files(tmp_path, "claim,label,p\na,Likely,0.7\nb,,\nc,  unlikely ,\nd,,0\n"))
    assert rater.values == {"a": Value("likely", 0.7), "b": Value(None, None), "c": Value("unlikely", None),
                            "d": Value(None, 0.0)}  # fmt: skip


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_the_engines_ratings_are_read_as_it_writes_them(tmp_path: Path, form: str) -> None:
    records = [rating.record() for rating in seed().ratings]
    path = tmp_path / f"engine.{form}"
    path.write_text(dump_records(records, form), encoding="utf-8")  # type: ignore[arg-type]
    (rater,) = read_raters([path])
    assert rater.values == {
        one.claim.id: Value(one.icd203, one.p if one.rating.assessed else None) for one in seed().ratings
    }
    assert any(value == Value(None, None) for value in rater.values.values())


def test_people_may_name_a_claim_by_its_text(tmp_path: Path) -> None:
    ratings = fixture("seed-figures").ratings
    engine = tmp_path / "engine.jsonl"
    engine.write_text(dump_records([one.record() for one in ratings], "jsonl"), encoding="utf-8")
    person = tmp_path / "person.jsonl"
    person.write_text("".join(json.dumps({"claim": one.claim.text.upper(), "p": one.p}) + "\n" for one in ratings))
    found = agreed(read_raters([person, engine]), ICD, draws=0, seed=0)
    assert by_level(found)["interval"] == 1.0
    assert found.together[0].units == len(ratings)


@pytest.mark.parametrize(
    ("row", "reason"),
    [("a,x,2", "number from 0 to 1"), ("a,x,nan", "number from 0 to 1"), (",x,1", "names no claim"),
     ("ok,unlikely,", "rated otherwise in line 2"), ("a,b", "a row of 2 cells")],
)  # fmt: skip
def test_a_bad_row_is_set_aside_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    (rater,) = read_raters(files(tmp_path, f"claim,label,p\nok,likely,0.7\n{row}\n"))
    assert list(rater.values) == ["ok"]
    (reject,) = rater.rejects
    assert reject.line == 3
    assert reason in reject.reason


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("a.csv", "klaim,label\nx,y\n", "no column claim"), ("a.csv", "claim,lable\nx,y\n", "no column label or p"),
     ("a.csv", "claim,p\nx,7\n", "no usable row"), ("a.csv", "", "is empty"), ("a.txt", "x", "not .txt"),
     ("a.jsonl", '{"claim": 3, "p": 0.5}\n', "names no claim"), ("a.jsonl", '{"claim": "x", "label": 3}', "a text")],
)  # fmt: skip
def test_a_file_without_ratings_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_raters([tmp_path / name])


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (path,) = files(tmp_path, "claim,label\na,likely\nb,unlikely\n")
    assert [one.name for one in read_raters([path, path, path])] == ["rater0", "rater0 (2)", "rater0 (3)"]


def rater(name: str, **values: str | float) -> Rater:
    told = {claim: Value(v, None) if isinstance(v, str) else Value(None, v) for claim, v in values.items()}
    return Rater(name, told)


def test_a_probability_has_the_scales_word_and_a_synonym_is_the_same_word() -> None:
    people, engine = rater("a", x="probable", y="remote", z="even odds"), rater("b", x=0.7, y=0.02, z=0.5)
    found = by_level(agreed([people, engine], ICD, draws=0, seed=0))
    assert "probable" in ICD.places
    assert (found["nominal"], found["interval"]) == (pytest.approx(1 - 5 * 2 / 26, abs=1e-4), None)
    assert found["ordinal"] == 1.0  # even odds is no word of the scale: a gap there, a label of its own for nominal


def test_an_order_of_ones_own_makes_near_misses_cheaper_than_far_ones() -> None:
    order = Order.given("false, half true ,true")
    near = [
        rater("a", p="false", q="half true", r="true", s="false"),
        rater("b", p="false", q="true", r="true", s="false"),
    ]
    far = [near[0], rater("b", p="false", q="half true", r="false", s="false")]
    alphas = [by_level(agreed(two, order, draws=0, seed=0)) for two in (near, far)]
    assert alphas[0]["ordinal"] > alphas[1]["ordinal"]  # type: ignore[operator]


def test_a_label_without_a_place_is_told() -> None:
    found = agreed([rater("a", x="mostly", y="likely"), rater("b", x="likely", y="likely")], ICD, draws=0, seed=0)
    ordinal = found.together[1]
    assert "'mostly' of a has no place" in (ordinal.note or "")


def test_pairs_are_told_where_there_are_more_than_two() -> None:
    three = [rater(name, x=0.1, y=0.9, z=0.5) for name in "abc"]
    found = agreed(three, ICD, draws=0, seed=0)
    assert [one.raters for one in found.pairs[::3]] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert agreed(three[:2], ICD, draws=0, seed=0).pairs == ()


def test_raters_of_different_claims_are_refused() -> None:
    with pytest.raises(InputError, match="no claim is rated by two"):
        agreed([rater("a", x=0.1), rater("b", y=0.1)], ICD, draws=0, seed=0)


@pytest.mark.parametrize("text", ["", "true", "a,,b", "a,A"])
def test_an_order_needs_two_labels_and_none_twice(text: str) -> None:
    with pytest.raises(UsageError, match="--order"):
        Order.given(text)


def test_free_text_is_no_label() -> None:
    many = [rater(name, **{f"c{i}": f"{name}{i}" for i in range(600)}) for name in "ab"]
    with pytest.raises(InputError, match="free text"):
        agreed(many, ICD, draws=0, seed=0)


def test_more_raters_than_can_be_compared_are_refused() -> None:
    with pytest.raises(UsageError, match="50 at most"):
        agreed([rater(f"r{i}", x=0.1) for i in range(51)], ICD, draws=0, seed=0)
