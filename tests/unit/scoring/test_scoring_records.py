"""Track records: what a source got right and wrong before moves its weight, and is shown."""

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.integrate import quad
from scipy.special import betaln, comb
from strategies import link, modifier, report, small_policy

from reliability.errors import InputError
from reliability.io.sources import read_sources_file
from reliability.reasoning.rationale import Context, ratings_of
from reliability.rules.directory import Directory
from reliability.rules.policy import Policy
from reliability.rules.schema import ModifierEffect, SourceEntry
from reliability.rules.track_record import TrackRecord
from reliability.scoring.records import Told, expected_in_class, posterior_fidelity, posterior_of
from reliability.scoring.score import score

COUNTS = st.tuples(*[st.integers(0, 40)] * 4)


def by_mixture(mean: float, worth: float, hits: int, misses: int) -> float:
    """E[φ] at a base rate of ½, where each hit was known or lucky: a mixture of Betas over how many were known."""
    a, b = mean * worth, (1 - mean) * worth
    known = np.arange(hits + 1)
    log_weight = np.log(comb(hits, known)) + (hits - known) * np.log(0.5)
    log_weight = log_weight + betaln(a + known, b + hits - known + misses) - betaln(a, b)
    weight = np.exp(log_weight - log_weight.max())
    return float(weight @ ((a + known) / (worth + hits + misses)) / weight.sum())


def by_quadrature(mean: float, worth: float, counts: tuple[int, int, int, int], base: float) -> float:
    """E[φ] by scipy's quadrature, with the chance of each outcome from odds."""

    def density(x: float) -> float:
        odds = (1 + x) / (1 - x) * base / (1 - base)
        asserted = odds / (1 + odds)
        odds = (1 + x) / (1 - x) * (1 - base) / base
        denied = odds / (1 + odds)
        chances = (asserted, 1 - asserted, 1 - denied, denied)
        log = (mean * worth - 1) * np.log(x) + ((1 - mean) * worth - 1) * np.log1p(-x)
        return float(np.exp(log + sum(n * np.log(c) for n, c in zip(counts, chances, strict=True))))

    scale = max(density(x) for x in np.linspace(0.005, 0.995, 199).tolist())
    total = quad(lambda x: density(x) / scale, 0, 1, epsabs=1e-13, epsrel=1e-10, limit=400)[0]
    return float(quad(lambda x: x * density(x) / scale, 0, 1, epsabs=1e-13, epsrel=1e-10, limit=400)[0] / total)


@given(mean=st.floats(0.05, 0.95), worth=st.floats(3, 200), hits=st.integers(0, 60), misses=st.integers(0, 30))
def test_a_hit_adds_its_chance_of_having_been_known(mean: float, worth: float, hits: int, misses: int) -> None:
    found, _ = posterior_fidelity(mean, worth, (float(hits), float(misses), 0.0, 0.0), 0.5)
    assert found == pytest.approx(by_mixture(mean, worth, hits, misses), abs=1e-7)


@pytest.mark.parametrize("counts", [(14, 3, 0, 0), (0, 0, 5, 9), (7, 2, 1, 6), (90, 10, 0, 0)])
@pytest.mark.parametrize("base", [0.1, 0.5, 0.9])
def test_the_mean_is_that_of_numerical_integration(counts: tuple[int, int, int, int], base: float) -> None:
    found, _ = posterior_fidelity(0.6, 8.0, tuple(map(float, counts)), base)  # type: ignore[arg-type]
    assert found == pytest.approx(by_quadrature(0.6, 8.0, counts, base), abs=1e-6)


def test_who_is_right_as_often_as_claims_are_earns_almost_nothing() -> None:
    """Always "true" on a set of which 90 % is true: 90 of 100 right."""
    found, _ = posterior_fidelity(0.5, 4.0, (90.0, 10.0, 0.0, 0.0), 0.9)
    more, _ = posterior_fidelity(0.5, 4.0, (9_000.0, 1_000.0, 0.0, 0.0), 0.9)
    elsewhere, _ = posterior_fidelity(0.5, 4.0, (90.0, 10.0, 0.0, 0.0), 0.5)
    assert found < 0.25 < 0.75 < elsewhere
    assert more < 0.03


EXTREMES = {"counts": [(0.0, 0.0, 0.0, 0.0), (1e12, 0.0, 0.0, 0.0), (1e12, 1e12, 0.0, 0.0), (0.0, 0.0, 1e-300, 5.0)],
            "worth": [1e-6, 1.0, 1e9], "base": [1e-6, 0.5, 1.0 - 1e-6]}  # fmt: skip


@pytest.mark.parametrize("counts", EXTREMES["counts"])
@pytest.mark.parametrize("worth", EXTREMES["worth"])
@pytest.mark.parametrize("base", EXTREMES["base"])
@pytest.mark.parametrize("expected", [0.0, 1.0])
def test_whatever_a_record_may_say_by_hand_is_a_fidelity_and_a_worth(
    counts: tuple[float, float, float, float], worth: float, base: float, expected: float
) -> None:
    told = (Told(counts, base), Told(counts, base, base))
    for class_worth in EXTREMES["worth"]:
        before = expected_in_class(expected, worth, (told,), class_worth)
        for fidelity, n in (before, posterior_of(*before, told), posterior_of(expected, worth, told)):
            assert 0.0 <= fidelity <= 1.0
            assert 0.0 < n < np.inf


def right_by_enumeration(fidelity: float, guesses: list[float], denies: bool) -> float:
    """The chance that what is said of the first answer is so: truths, knowing and guessing counted through."""
    said = right = 0.0
    for truth, prior in enumerate(guesses):
        for heard, guess in enumerate(guesses):
            chance = prior * (fidelity * (heard == truth) + (1 - fidelity) * guess)
            if (heard == 0) != denies:
                said += chance
                right += chance * ((truth == 0) != denies)
    return right / said


@pytest.mark.parametrize("guesses", [[1 / 3] * 3, [0.2] * 5, [0.4, 0.3, 0.2, 0.1], [0.5, 0.5]])
@pytest.mark.parametrize("counts", [(5, 2, 0, 0), (0, 0, 1, 4), (3, 3, 2, 9)])
def test_what_answers_teach_is_that_of_counting_all_truths_and_guesses_through(
    guesses: list[float], counts: tuple[int, int, int, int]
) -> None:
    def likelihood(phi: float) -> float:
        asserts, denies = (right_by_enumeration(phi, guesses, one) for one in (False, True))
        chances = (asserts, 1 - asserts, 1 - denies, denies)
        return float(np.prod([chance**n for chance, n in zip(chances, counts, strict=True)]))

    def density(phi: float) -> float:
        return phi ** (8 * 0.6 - 1) * (1 - phi) ** (8 * 0.4 - 1) * likelihood(phi)

    expected = quad(lambda phi: phi * density(phi), 0, 1)[0] / quad(density, 0, 1)[0]
    told = Told(tuple(map(float, counts)), 0.9, guesses[0])  # type: ignore[arg-type]
    assert posterior_of(0.6, 8.0, (told,))[0] == pytest.approx(expected, abs=1e-6)


@given(counts=COUNTS)
def test_an_answer_of_two_is_a_plain_claim_at_even_odds(counts: tuple[int, int, int, int]) -> None:
    told = tuple(map(float, counts))
    found = posterior_of(0.6, 8.0, (Told(told, 0.9, 0.5),))  # type: ignore[arg-type]
    assert found == pytest.approx(posterior_of(0.6, 8.0, (Told(told, 0.5),)), rel=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["worth", "class_worth"])
def test_a_worth_that_no_float_can_reckon_with_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        TrackRecord.model_validate({"fidelity": 0.5, "worth": 1.0, field: 1e-320})


def test_a_million_reports_are_a_sharp_record() -> None:
    found, worth = posterior_fidelity(0.7, 10.0, (850_000.0, 150_000.0, 0.0, 0.0), 0.5)
    assert found == pytest.approx(0.7, abs=1e-4)
    assert worth > 3e5


@given(counts=COUNTS, base=st.floats(0.05, 0.95))
def test_one_more_right_report_never_lowers_a_source_and_one_more_wrong_never_raises_it(
    counts: tuple[int, int, int, int], base: float
) -> None:
    def after(*more: int) -> float:
        both = tuple(float(n + m) for n, m in zip(counts, more, strict=True))
        return posterior_fidelity(0.6, 8.0, both, base)[0]  # type: ignore[arg-type]

    assert after(1, 0, 0, 0) >= after(0, 0, 0, 0) - 1e-9 >= after(0, 1, 0, 0) - 2e-9
    assert after(0, 0, 0, 1) >= after(0, 0, 0, 0) - 1e-9 >= after(0, 0, 1, 0) - 2e-9


def entry(**record: Any) -> SourceEntry:
    return SourceEntry(name="Ada", type="agency", record=TrackRecord.model_validate(record))


def rated(source: SourceEntry | None, claim: str = "c", **more: Any) -> Any:
    policy = small_policy({"agency": 0.8}, entries=[] if source is None else [source], **more)
    said = [report(link("Ada", "agency"), key="r", claim=claim, text="it is so")]
    return ratings_of(said, Context(policy, "0", {}))[0]


def test_a_record_is_a_row_of_its_own_and_the_rows_add_up() -> None:
    told = rated(entry(asserted_true=14, asserted_false=3)).links[0]
    assert [one.rule for one in told.shifts] == ["shifted by its record: 14 of 17 right"]
    assert told.base_db == 6.02  # 10·log10(.8/.2), as without a record
    assert told.base_db + told.shifts[0].db + told.clamp_db == pytest.approx(told.weight_db, abs=1e-9)
    expected = by_mixture(0.6, 6.0, 14, 3)
    assert told.weight_db == pytest.approx(10 * np.log10((1 + expected) / (1 - expected)), abs=0.006)


@given(right=st.integers(0, 40), wrong=st.integers(0, 40), share=st.floats(0.5, 0.97), shift=st.integers(-60, 60))
def test_base_shifts_and_clamp_add_up_to_the_weight_as_they_are_printed(
    right: int, wrong: int, share: float, shift: int
) -> None:
    source = entry(asserted_true=right, asserted_false=wrong)
    late = modifier("m", {"first_hand": True}, shift_db=shift / 10)
    policy = small_policy({"agency": share}, entries=[source], modifiers=[late])
    said = report(link("Ada", "agency", first_hand=True), key="r", claim="c")
    (one,) = ratings_of([said], Context(policy, "0", {}))[0].links
    assert round(one.base_db + round(sum(row.db for row in one.shifts), 2) + one.clamp_db, 2) == one.weight_db


def test_no_record_is_no_row_and_no_change() -> None:
    assert rated(SourceEntry(name="Ada", type="agency")).record() == rated(None).record()
    assert rated(entry()).links[0].shifts == ()


def test_a_record_never_counts_the_claim_that_is_rated() -> None:
    settled = [{"claim": f"old-{n}", "truth": 1.0} for n in range(9)]
    mine = {"claim": "c", "truth": 1.0}
    without, with_it = rated(entry(settled=settled)), rated(entry(settled=[*settled, mine]))
    assert with_it.rating == without.rating
    assert with_it.links == without.links
    other = rated(entry(settled=[*settled, mine]), claim="elsewhere")
    assert other.links[0].shifts[0].rule.endswith("10 of 10 right")


def test_what_was_settled_later_is_not_known_on_a_day() -> None:
    found = [{"claim": "a", "truth": 1.0, "date": "2024-05-01"}, {"claim": "b", "truth": 0.0, "date": "2024-05-03"},
             {"claim": "d", "truth": 0.0, "date": "2024"}, {"claim": "e", "truth": 1.0}]  # fmt: skip
    source = entry(settled=found, asserted_true=5, counted_on="2025-01-01")

    def known(day: date | None) -> tuple[float, ...]:
        held = Directory.of([("f", source)], day).entries["ada"].record
        assert held is not None
        return held.counts()

    assert known(date(2024, 5, 2)) == (2.0, 0.0, 0.0, 0.0)
    assert known(date(2024, 12, 31)) == (2.0, 2.0, 0.0, 0.0)
    assert known(None) == known(date(2025, 1, 1)) == (7.0, 2.0, 0.0, 0.0)


def test_a_record_does_not_speak_where_a_rule_sets_how_often_such_sources_are_right() -> None:
    rule = replace_effect()
    told = rated(entry(asserted_true=500), modifiers=[rule]).links[0]
    assert told.shifts == ()
    assert told.weight_db == rated(None, modifiers=[rule]).links[0].weight_db


def replace_effect() -> Any:
    return modifier("set", {"source_type": "agency"}, **ModifierEffect(p=0.5).model_dump(include={"p"}))


def test_a_type_without_weight_lets_a_source_earn_some() -> None:
    policy = small_policy(entries=[SourceEntry(name="Ada", type="partisan",
                                               record=TrackRecord(asserted_true=40, asserted_false=2))])  # fmt: skip
    scored = score([report(link("Ada", "partisan"), key="r")], policy)[0]
    assert scored.links.base_db.tolist() == [0.0]
    assert 0.5 < scored.links.fidelity[0] < 0.95
    assert not scored.links.worse_than_chance[0]


def test_a_record_no_better_than_chance_is_told() -> None:
    assert "worse-than-chance" in rated(entry(asserted_true=8, asserted_false=12)).flags


def test_an_entry_of_a_name_and_a_record_keeps_what_is_known_of_the_source() -> None:
    shipped = SourceEntry(name="Ada", type="agency", aliases=("A.",), country="somewhere")
    mine = SourceEntry(name="ada", record=TrackRecord(asserted_true=3))
    found = Directory.of([("shipped", shipped), ("mine", mine)])
    for name in ("Ada", "A."):
        held = found.find(name)
        assert held == replace_record(shipped, TrackRecord(asserted_true=3))


def replace_record(one: SourceEntry, record: TrackRecord) -> SourceEntry:
    return SourceEntry(**{**dict(one), "record": record})


def test_the_interval_narrows_as_a_record_grows() -> None:
    few, many = rated(entry(asserted_true=9, asserted_false=1)), rated(entry(asserted_true=900, asserted_false=100))
    assert many.high - many.low < few.high - few.low < 1.0


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"asserted_true": -1}, "at least 0"), ({"settled": [{"claim": "a", "truth": 1.5}]}, "at most 1"),
     ({"fidelity": 0.5}, "go together"), ({"settled": [{"claim": "a", "truth": 1.0}] * 2}, "stands twice"),
     ({"right": 3}, "is not a field")],
)  # fmt: skip
def test_a_wrong_record_is_refused_with_its_place(fields: dict[str, Any], told: str, tmp_path: Any) -> None:
    path = tmp_path / "s.csv"
    cell = json.dumps(fields).replace('"', '""')
    path.write_text(f'name,record\nAda,"{cell}"\n')
    with pytest.raises(InputError, match=told):
        read_sources_file(path)


def test_toml_and_csv_tell_the_same_record(tmp_path: Any) -> None:
    toml, csv = tmp_path / "s.toml", tmp_path / "s.csv"
    toml.write_text('[[source]]\nname = "Ada"\n[source.record]\nasserted_true = 2\ncounted_on = 2024-01-02\n'
                    'settled = [{claim = "a", said = "denies", truth = 0, date = 2023-01-01}]\n')  # fmt: skip
    settled = {"claim": "a", "said": "denies", "truth": 0, "date": "2023-01-01"}
    cell = json.dumps({"asserted_true": 2, "counted_on": "2024-01-02", "settled": [settled]}).replace('"', '""')
    csv.write_text(f'name,record\nAda,"{cell}"\n')
    found = read_sources_file(toml)
    assert found == read_sources_file(csv)
    assert found[0].record is not None
    assert found[0].record.counts() == (2.0, 0.0, 0.0, 1.0)


def test_a_record_alters_the_fingerprint_and_none_leaves_it() -> None:
    plain, with_it = (SourceEntry(name="A"), SourceEntry(name="A", record=TrackRecord(asserted_true=1)))
    prints = {Policy.load(sources=[("f", one)]).digest for one in (plain, with_it)}
    assert len(prints) == 2
