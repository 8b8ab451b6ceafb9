from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_sets import Triple, knows_or_guesses, probabilities, table

from reliability.learning.confusing import Rows, learn_confusions, of_cells
from reliability.learning.estimate import OWN_GUESSES, estimate
from reliability.learning.guessing import Settings, learn_guessing
from reliability.learning.known import Known
from reliability.learning.settled import known_of

ROWS = st.lists(
    st.tuples(st.sampled_from("pqrx"), st.sampled_from("stuvw"), st.sampled_from("abc")), min_size=1, max_size=25
)


@given(rows=ROWS, every=st.booleans())
def test_probabilities_lie_in_0_to_1_and_sum_to_1(rows: list[Triple], every: bool) -> None:
    laid = table(rows)
    found = estimate(laid, every=every)
    assert ((found.p >= 0.0) & (found.p <= 1.0)).all()
    assert np.allclose(np.bincount(found.question, found.p), 1.0, atol=1e-9)
    assert ((found.fidelity >= 0.0) & (found.fidelity <= 1.0)).all()


@settings(max_examples=30)
@given(order=st.permutations(list("abc")), sources=st.permutations(list("stuvw")), seed=st.integers(0, 9))
def test_renaming_sources_and_answers_permutes_the_result(order: list[str], sources: list[str], seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [(f"q{i}", "stuvw"[j], "abc"[rng.integers(3)]) for i in range(12) for j in range(5) if rng.random() < 0.7]
    answer, source = dict(zip("abc", order, strict=True)), dict(zip("stuvw", sources, strict=True))
    before, after = table(rows, "abc"), table([(q, source[s], answer[a]) for q, s, a in rows], "abc")
    found, renamed = probabilities(before, estimate(before)), probabilities(after, estimate(after))
    assert renamed == pytest.approx({(q, answer[a]): p for (q, a), p in found.items()}, abs=1e-6)


def test_a_spammer_earns_nearly_nothing_and_experts_nearly_all() -> None:
    made = knows_or_guesses(300, (0.9, 0.9, 0.8, 0.7, 0.0), 4, seed=5)
    laid = table(made.rows)
    fidelity = dict(zip(laid.names.sources, estimate(laid).fidelity.tolist(), strict=True))
    assert fidelity["s04"] < 0.1
    assert fidelity["s00"] > 0.8


def test_who_always_says_true_on_a_set_that_is_nine_tenths_true_earns_almost_nothing() -> None:
    rng = np.random.default_rng(7)
    truth = ["true" if rng.random() < 0.9 else "false" for _ in range(400)]
    rows = [(f"q{i:03}", "yes-man", "true") for i in range(400)]
    for j, fidelity in enumerate((0.8, 0.7, 0.7, 0.6)):
        rows += [(f"q{i:03}", f"s{j}", true if rng.random() < fidelity else ("true", "false")[rng.integers(2)])
                 for i, true in enumerate(truth)]  # fmt: skip
    laid = table(rows)
    fidelity = dict(zip(laid.names.sources, estimate(laid).fidelity.tolist(), strict=True))
    assert fidelity["yes-man"] < 0.15
    assert min(fidelity[f"s{j}"] for j in range(4)) > 0.4


@pytest.mark.parametrize("k", [2, 4, 12])
def test_fidelities_and_truths_are_recovered_from_a_simulation(k: int) -> None:
    fidelities = (0.95, 0.8, 0.6, 0.6, 0.4, 0.3, 0.2, 0.0)
    made = knows_or_guesses(600, fidelities, k, seed=k, each=0.7)
    laid = table(made.rows)
    fit = learn_guessing(laid, Known.nothing(laid), Settings(n0=np.inf))
    assert np.abs(fit.fidelity - np.array(fidelities)).max() < 0.12, "three standard errors, at K = 2"
    found = estimate(laid)
    best = {}
    for (question, answer), p in probabilities(laid, found).items():
        best[question] = max(best.get(question, (0.0, "")), (p, answer))
    right = np.mean([best[question][1] == made.truth[question] for question in best])
    votes = {}
    for (question, answer), p in zip(probabilities(laid, found), laid.shares.tolist(), strict=True):
        votes[question] = max(votes.get(question, (0.0, "")), (p, answer))
    assert right >= np.mean([votes[question][1] == made.truth[question] for question in votes])
    assert right > 0.9


def test_more_data_brings_fidelities_nearer_to_the_truth() -> None:
    fidelities = (0.9, 0.7, 0.5, 0.3)
    off = []
    for n in (40, 4000):
        laid = table(knows_or_guesses(n, fidelities, 4, seed=1).rows)
        fit = learn_guessing(laid, Known.nothing(laid), Settings(n0=np.inf))
        off.append(float(np.abs(fit.fidelity - np.array(fidelities)).max()))
    assert off[1] < 0.03 < off[0]


@given(rows=ROWS, every=st.booleans())
def test_what_is_settled_keeps_its_truth(rows: list[Triple], every: bool) -> None:
    laid = table(rows, "abc")
    question = laid.names.questions[0]
    known, extra = known_of(laid, {question: {"b": 0.75, "c": 0.25}})
    found = probabilities(laid, estimate(laid, known, every=every))
    claimed = {a for q, _, a in rows if q == question}
    for answer, p in {"a": 0.0, "b": 0.75, "c": 0.25}.items():
        if every or answer in claimed:
            assert found[question, answer] == p
    assert {row.alternative for row in extra} == {"b", "c"} - claimed


def test_settled_questions_help_with_the_others() -> None:
    made = knows_or_guesses(200, (0.9, 0.1, 0.1, 0.1, 0.1), 2, seed=11)
    colluding = {f"s{j:02}" for j in (1, 2, 3)}
    flipped = {"a0": "a1", "a1": "a0"}
    wrong = [(q, s, flipped[made.truth[q]] if s in colluding and int(q[1:]) % 3 else a) for q, s, a in made.rows]
    laid = table(wrong)
    settled = {q: {made.truth[q]: 1.0} for q in list(made.truth)[:100]}

    def log_loss(known: Known) -> float:
        found = probabilities(laid, estimate(laid, known, every=True))
        return float(-np.mean([np.log(found[q, a]) for q, a in made.truth.items() if q not in settled]))

    assert log_loss(known_of(laid, settled)[0]) < log_loss(Known.nothing(laid)) - 0.1


def test_a_source_whose_word_is_garbled_on_the_way_counts_less() -> None:
    rows = knows_or_guesses(50, (0.8, 0.8, 0.8), 3, seed=2).rows
    clear = table([*rows, ("extra", "s00", "a0"), ("extra", "s01", "a1")])
    passed = np.where((clear.question == clear.names.questions.index("extra")) & (clear.answer == 1), 0.3, 1.0)
    garbled = type(clear)(**{**{name: getattr(clear, name) for name in clear.__dataclass_fields__}, "passed": passed})
    before, after = probabilities(clear, estimate(clear)), probabilities(garbled, estimate(garbled))
    assert after["extra", "a1"] < before["extra", "a1"] - 0.1


@pytest.mark.parametrize("rows", [
    [("q", "s", "a")],
    [("q", "s", "a"), ("q", "s", "b")],
    [(f"q{i}", "s", "a") for i in range(9)],
    [(f"q{i}", f"s{j}", "a") for i in range(9) for j in range(4)],
    [("q", f"s{j}", f"a{j:02}") for j in range(9)],
    [(f"q{i}", f"s{j}", f"a{i}-{j}") for i in range(4) for j in range(9)],
], ids=["one report", "one source, two answers", "one source", "everyone agrees", "everyone disagrees",
        "everyone disagrees, open"])  # fmt: skip
def test_odd_sets_have_clear_answers(rows: list[Triple]) -> None:
    laid = table(rows)
    found = estimate(laid)
    assert np.allclose(np.bincount(found.question, found.p), 1.0, atol=1e-9)
    for question in range(len(laid.starts)):
        p = found.p[found.question == question]
        assert np.allclose(p, 1.0 / len(p), atol=0.03), "nothing tells the answers of a question apart"


def test_five_thousand_answers_to_one_question_take_no_time_and_add_up() -> None:
    rows = [("q", f"s{j:04}", f"word{'x' * (j % 7)} {j:04}") for j in range(5000)] + [("q", "last", "word 0001")]
    laid = table(rows)
    found = estimate(laid)
    assert not laid.closed
    assert len(found.p) == 5001
    assert abs(found.p.sum() - 1.0) < 1e-9


def test_confusions_beat_one_coin_where_sources_mistake_one_answer_for_another() -> None:
    rng = np.random.default_rng(4)
    rows, truth = [], {}
    for i in range(400):
        true = int(rng.integers(2))
        truth[f"q{i:03}"] = f"a{true}"
        for j in range(5):
            missed = true == 1 and rng.random() < (0.7 if j < 3 else 0.1)
            rows.append((f"q{i:03}", f"s{j}", "a0" if missed else f"a{true}"))
    laid = table(rows)
    confused = learn_confusions(laid, Known.nothing(laid), of_cells(laid, laid.shares), Rows(rounds=20)).q
    coin = learn_guessing(laid, Known.nothing(laid), Settings(n0=np.inf))
    right = np.mean(
        [laid.names.answers[confused[:, i].argmax()] == truth[q] for i, q in enumerate(laid.names.questions)]
    )
    by_coin = of_cells(laid, coin.q)
    coin_right = np.mean(
        [laid.names.answers[by_coin[:, i].argmax()] == truth[q] for i, q in enumerate(laid.names.questions)]
    )
    assert right > coin_right + 0.05
    assert OWN_GUESSES.learned_guesses
