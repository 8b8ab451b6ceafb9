"""Track records from questions with several alternatives."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import beta
from strategies import link, report, shipped, small_policy

from reliability.io.rows import Reject
from reliability.io.truths import Truth
from reliability.learning.dependence import find_dependence
from reliability.learning.records import LISTED, learn_records
from reliability.learning.records_evidence import Evidence, Said
from reliability.learning.records_kinds import ByGuess, two_digits
from reliability.learning.records_said import HINDSIGHT, OTHER_SAYINGS, from_reports
from reliability.model.adjudication import Adjudication
from reliability.model.report import Report
from reliability.reasoning.rationale import Context, ratings_of
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import Settled, TrackRecord
from reliability.scoring.records import Told, posterior_of


def answer(source: str, question: str, alternative: str, stance: str = "asserts", **more: object) -> Report:
    told = {"claim": None, "question": question, "alternative": alternative, "stance": stance, **more}
    return report(link(source, "agency"), key=f"{source}-{question}-{alternative}-{stance}-{more}", **told)


def to(question: str, alternative: str, date: str | None = None) -> Truth:
    return Truth(question, alternative, date, lambda reason: Reject("f", 1, reason, ""))


def told(evidence: Evidence) -> list[tuple[str, str, str, float, float | None]]:
    return [(one.source, one.claim, one.said, one.truth, one.guess) for one in evidence.said]


THREE = [answer("Ada", "q", "mine"), answer("Bo", "q", "storm"), answer("Cy", "q", "mine", "denies")]
SETTLED = [("Ada", "q=mine", "asserts", 1.0), ("Bo", "q=storm", "asserts", 0.0), ("Cy", "q=mine", "denies", 1.0)]


@pytest.mark.parametrize("by", ["question", "answer", "claim"])
def test_a_settled_question_judges_each_answer_however_it_is_named(by: str) -> None:
    """Two answers are named, "none of these" is the third: who does not know hits one in three times."""
    reports = THREE if by != "claim" else [one.model_copy(update={"claim": f"c-{one.alternative}"}) for one in THREE]
    claims = {"question": [], "answer": [Adjudication(claim="q=mine", truth=1.0)],
              "claim": [Adjudication(claim="c-mine", truth=1.0)]}[by]  # fmt: skip
    found = from_reports(reports, claims, small_policy(), answers=[to("q", "mine")] if by == "question" else [])
    assert told(found) == [(*one, pytest.approx(1 / 3, abs=1e-6)) for one in SETTLED]
    assert not found.left_out
    assert not found.unknown


def test_the_chance_to_guess_is_the_scorer_s_prior() -> None:
    """The rule for complete lists leaves .02 to "none of these": the two that are named share the rest."""
    reports = [report(link("Ada", "expert", claim_class="complete-list"), key=one, claim=None, question="q",
                      alternative=one) for one in ("mine", "storm")]  # fmt: skip
    (found,) = from_reports(reports[:1], [], shipped(), answers=[to("q", "storm")]).said
    assert found.guess == pytest.approx(0.49)


def test_where_one_answer_is_false_the_others_stay_open() -> None:
    found = from_reports(THREE, [Adjudication(claim="q=storm", truth=0.0)], small_policy())
    assert [one.claim for one in found.said] == ["q=storm"]
    assert found.left_out == {OTHER_SAYINGS["open"]: 2}


@pytest.mark.parametrize("second", [Adjudication(claim="q=storm", truth=0.5), Adjudication(claim="q=storm", truth=1.0)])
def test_more_than_one_true_answer_is_a_contradiction_and_none_counts(second: Adjudication) -> None:
    found = from_reports(THREE, [Adjudication(claim="q=mine", truth=1.0), second], small_policy())
    assert not found.said
    assert found.left_out == {OTHER_SAYINGS["contradicted"]: 3}


@pytest.mark.parametrize("by", ["question", "answer"])
def test_a_true_answer_that_nobody_gave_makes_all_others_false(by: str) -> None:
    claims = [Adjudication(claim="q=a leak", truth=1.0)] if by == "answer" else []
    found = from_reports(THREE, claims, small_policy(), answers=[to("q", "a leak")] if by == "question" else [])
    assert not found.unknown
    assert found.not_given == ("q",)
    assert [(one.claim, one.truth) for one in found.said] == [("q=mine", 0.0), ("q=storm", 0.0), ("q=mine", 0.0)]
    assert {one.guess for one in found.said} == {0.25}


def test_what_was_published_after_the_question_was_settled_is_hindsight() -> None:
    late = answer("Ada", "q", "mine", published="2025-02-01")
    found = from_reports([late, *THREE[1:]], [], small_policy(), answers=[to("q", "mine", "2025-01")])
    assert [one.source for one in found.said] == ["Bo", "Cy"]
    assert found.left_out == {HINDSIGHT: 1}


def test_that_none_of_these_is_true_makes_all_false_and_adds_no_alternative() -> None:
    found = from_reports(THREE, [Adjudication(claim="q=none of these", truth=1.0)], small_policy())
    assert [(one.truth, one.guess) for one in found.said] == [(0.0, pytest.approx(1 / 3, abs=1e-6))] * 3
    assert not found.not_given


def test_signs_of_equality_within_names_are_read_in_every_way() -> None:
    reports = [answer("Ada", "q=x", "y=z"), answer("Bo", "q", "x=y")]
    found = from_reports(reports, [Adjudication(claim="q=x=y=z", truth=1.0)], small_policy())
    assert told(found)[0][:4] == ("Ada", "q=x=y=z", "asserts", 1.0)
    assert told(found)[1][:4] == ("Bo", "q=x=y", "asserts", 0.0)


def test_the_name_of_a_question_is_no_claim_that_is_true_or_false() -> None:
    assert from_reports(THREE, [Adjudication(claim="q", truth=1.0)], small_policy()).unknown == ("q",)


def test_a_question_that_no_report_asks_is_unknown() -> None:
    assert from_reports(THREE, [], small_policy(), answers=[to("q", "mine"), to("r", "x")]).unknown == ("r",)


def test_a_source_is_judged_once_a_question_by_what_it_asserts() -> None:
    both = [answer("Ada", "q", "storm", "denies"), answer("Ada", "q", "mine"), answer("Ada", "q", "leak", "denies")]
    (found,) = from_reports(both, [], small_policy(), answers=[to("q", "storm")]).said
    assert (found.claim, found.said, found.truth) == ("q=mine", "asserts", 0.0)


def rated(reports: Sequence[Report], policy: Policy) -> dict[str, object]:
    return {one.claim.id: one.rating for one in ratings_of(list(reports), Context(policy, "0", {}))}


def test_a_question_never_counts_for_itself_by_any_of_its_alternatives() -> None:
    """By brute force: the record as learned, and the same with the question's entry taken out by hand."""
    reports = [one for n in range(6) for one in (answer("Ada", f"q{n}", "a"), answer("Bo", f"q{n}", "b"))]
    evidence = from_reports(reports, [], small_policy(), answers=[to(f"q{n}", "a" if n < 5 else "b") for n in range(6)])
    learned = learn_records(evidence.said)
    records = {name: one.record for name, one in learned.sources.items()}
    asked = [answer("Ada", "q0", "b"), answer("Bo", "q0", "c")]
    for name in ("q0", "q1", "new"):
        again = [one.model_copy(update={"question": name}) for one in asked]
        left = {key: one.model_copy(update={"settled": tuple(s for s in one.settled if s.question != name)})
                for key, one in records.items()}  # fmt: skip
        whole, less = ([SourceEntry(name=key, record=one) for key, one in given.items()] for given in (records, left))
        assert rated(again, small_policy(entries=whole)) == rated(again, small_policy(entries=less))
        assert sum(len(one.settled) for one in left.values()) == (12 if name == "new" else 10)


@pytest.mark.parametrize("k", [3, 8])
def test_fidelities_of_who_answers_questions_lie_in_nine_of_ten_intervals(k: int) -> None:
    rng = np.random.default_rng(k)
    fidelity = rng.beta(3.6, 2.4, 400)
    rows = []
    for at, phi in enumerate(fidelity.tolist()):
        truth, guess = rng.integers(0, k, 12), rng.integers(0, k, 12)
        says = np.where(rng.random(12) < phi, truth, guess)
        rows += [Said(f"s{at:03}", "media", None, f"q{at}-{n}={s}", "asserts", float(s == t), question=f"q{at}-{n}",
                      guess=round(1 / k, 6))
                 for n, (s, t) in enumerate(zip(says.tolist(), truth.tolist(), strict=True))]  # fmt: skip
    inside = []
    for (_, one), true in zip(sorted(learn_records(rows).sources.items()), fidelity.tolist(), strict=True):
        before, worth = one.record.fidelity, one.record.worth
        assert before is not None
        assert worth is not None
        counts = tuple(Told(counts, 0.5, guess) for guess, counts in one.record.by_guess().items())
        mean, n = posterior_of(before, worth, counts)
        low, high = beta.ppf([0.05, 0.95], mean * n, (1 - mean) * n)
        inside.append(low <= true <= high)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.04)


@given(rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.sampled_from([None, 0.25, 0.5]),
                               st.sampled_from([0.0, 1.0])), min_size=1, max_size=30))  # fmt: skip
def test_the_order_of_words_on_claims_and_questions_does_not_matter(
    rows: list[tuple[int, int, float | None, float]],
) -> None:
    said = {}
    for source, n, guess, truth in rows:
        one = Said(f"s{source}", "media", None, f"c{n}", "asserts", truth)
        said[one.key] = one if guess is None else replace(one, question=f"c{n}", guess=guess)
    forth, back = learn_records(list(said.values())), learn_records(list(said.values())[::-1])
    assert forth.sources == back.sources
    assert forth.pools == back.pools


def test_answers_are_no_plain_claims_in_the_base_rate_nor_errors_that_two_share() -> None:
    plain = [Said("a", "media", None, f"c{n}", "asserts", 1.0) for n in range(3)]
    wrong = [Said(name, "media", None, f"q{n}=x", "asserts", 0.0, question=f"q{n}", guess=0.25)
             for name in ("a", "b") for n in range(40)]  # fmt: skip
    learned = learn_records([*plain, *wrong])
    assert (learned.n_claims, learned.n_questions, learned.base_rate) == (3, 40, 3.5 / 4)
    assert find_dependence([*plain, *wrong]).n_tested == 0


def test_of_very_many_answers_the_latest_are_listed_and_none_passes_for_a_plain_claim() -> None:
    many = [Said("a", "media", None, f"q{n:05}=x", "asserts", 1.0, date=f"20{n // 5000:02}", question=f"q{n:05}",
                 guess=0.25) for n in range(LISTED + 500)]  # fmt: skip
    record = learn_records([*many, Said("a", "media", None, "c", "asserts", 0.0)]).sources["a"].record
    assert record.by_guess() == {None: (0.0, 1.0, 0.0, 0.0), 0.25: (float(LISTED), 0.0, 0.0, 0.0)}
    assert record.settled[-1].question == f"q{LISTED + 499:05}"


@pytest.mark.parametrize("wrong", [{"question": "q"}, {"guess": 0.5}, {"question": "q", "guess": 1.0}])
def test_a_settled_answer_needs_its_question_and_a_chance_to_guess_it(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="guess"):
        Settled.model_validate({"claim": "q=a", "truth": 1.0, **wrong})


def test_a_question_stands_once_in_a_record() -> None:
    twice = [Settled(claim=f"q={one}", truth=0.0, question="q", guess=0.5) for one in "ab"]
    with pytest.raises(ValidationError, match="twice"):
        TrackRecord(settled=tuple(twice))


def test_of_ever_so_many_numbers_of_alternatives_kinds_are_learned_from_few() -> None:
    counts: ByGuess = {None: (1.0, 0.0, 0.0, 0.0), **{1.0 / k: (1.0, 2.0, 0.0, 0.0) for k in range(2, 5000)}}
    found = two_digits({**counts, 0.999: (1.0, 0.0, 0.0, 0.0)})
    assert len(found) < 300
    assert max(one for one in found if one is not None) == 0.99
    assert np.sum(list(found.values()), axis=0).tolist() == [5000.0, 9996.0, 0.0, 0.0]
