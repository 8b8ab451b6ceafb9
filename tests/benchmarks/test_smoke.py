"""What the benchmarks measure is right, and the table is whole. No time is asserted."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from strategies import link, p_of, report, small_policy

from reliability.errors import ScoringError
from reliability.model.report import Report
from reliability.scoring import coded, trie
from reliability.scoring.coded import score_coded
from reliability.scoring.trie import ABSENT, InOrder, total_order

from . import rivals, run
from .made import COMMON_ERROR, made

RULED_OUT = Fraction(1, 10**30)
"""What we read says the opposite: −300 dB."""


def random_columns(seed: int, *, n: int, depth: int, n_keys: int, n_claims: int) -> dict[str, Any]:
    """Paths of mixed lengths with many repeats, guesses and priors of all kinds, ranks with gaps, claims left out."""
    rng = np.random.default_rng(seed)
    length = rng.integers(1, depth + 1, n)
    path = np.where(np.arange(depth)[:, None] < length, rng.integers(0, n_keys, (depth, n)), ABSENT)
    return {
        "claim": rng.integers(0, n_claims, n), "path": path, "stance": rng.choice([-1, 1], n),
        "fidelity": rng.choice([0.0, 0.3, 0.7, 0.97, 1.0], n_keys), "guess": rng.choice([0.0, 0.2, 0.5, 1.0], n_keys),
        "prior": rng.choice([0.0, 0.1, 0.5, 0.9, 1.0], n_claims), "common_error": 0.9,
        "rank": 3 * rng.permutation(n) - 7,
    }  # fmt: skip


def by_recursion(columns: dict[str, Any]) -> list[float]:
    """The same ratings claim by claim: nested dicts and exact fractions, nothing shared with the kernel."""
    p = []
    for claim, prior in enumerate(columns["prior"]):
        root: dict[Any, Any] = {}
        mine = [int(i) for i in np.argsort(columns["rank"]) if columns["claim"][i] == claim]
        for i in mine:
            node = root
            for key in columns["path"][:, i]:
                if key != ABSENT:
                    node = node.setdefault(int(key), {})
            node["word"] = int(columns["stance"][i])

        def heard(node: dict[Any, Any], truth: bool, columns: dict[str, Any] = columns) -> Fraction:
            word = node.get("word")
            likelihood = Fraction(1) if word is None or (word > 0) == truth else RULED_OUT
            for key, child in node.items():
                if key != "word":
                    likelihood *= passed(child, truth, columns["fidelity"][key], columns["guess"][key])
            return likelihood

        def passed(node: dict[Any, Any], truth: bool, phi: float, guess: float, heard: Any = heard) -> Fraction:
            yes, no, kept, says_yes = heard(node, True), heard(node, False), Fraction(phi), Fraction(guess)
            return kept * (yes if truth else no) + (1 - kept) * (says_yes * yes + (1 - says_yes) * no)

        for_it, against = (passed(root, truth, columns["common_error"], prior) for truth in (True, False))
        belief = Fraction(prior)
        p.append(float(belief * for_it / (belief * for_it + (1 - belief) * against)))
    return p


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("block", "n"), [(1 << 15, 30), (1 << 15, 400), (7, 60), (1, 12)])
def test_ratings_are_those_of_a_recursion(monkeypatch: pytest.MonkeyPatch, seed: int, block: int, n: int) -> None:
    monkeypatch.setattr(coded, "BLOCK", block)
    columns = random_columns(seed, n=n, depth=1 + seed % 3, n_keys=6, n_claims=9)
    assert score_coded(**columns) == pytest.approx(by_recursion(columns), abs=1e-12)


@pytest.mark.parametrize(("yes", "no"), [(3, 0), (30, 0), (0, 30), (24, 24), (23, 25), (40, 2)])
@pytest.mark.parametrize("common_error", [0.98, 1.0])
def test_ratios_beyond_a_floats_range_are_summed_in_logs(yes: int, no: int, common_error: float) -> None:
    """Outlets that never err, each worth 300 dB: 30 of them are 10^900 to one. Beside them stands an ordinary claim."""
    n = yes + no
    path = np.stack([np.zeros(n + 1, dtype=int), np.arange(1, n + 2)])
    columns = {
        "claim": np.append(np.zeros(n, dtype=int), 1), "path": path,
        "stance": np.append(np.repeat([1, -1], [yes, no]), 1), "fidelity": np.array([0.7, *np.ones(n), 0.9]),
        "guess": np.full(n + 2, 0.5), "prior": np.array([0.4, 0.5]), "common_error": common_error,
        "rank": np.arange(n + 1),
    }  # fmt: skip
    found = score_coded(**columns)
    assert found == pytest.approx(by_recursion(columns), abs=1e-12)
    alone = {**columns, "claim": np.zeros(1, dtype=int), "path": path[:, -1:], "stance": np.ones(1, dtype=int),
             "prior": np.array([0.5]), "rank": np.zeros(1, dtype=int)}  # fmt: skip
    assert score_coded(**alone)[0] == found[1]


def test_no_bit_depends_on_rows_blocks_or_how_they_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = random_columns(1, n=500, depth=3, n_keys=6, n_claims=40)
    usual = score_coded(**columns)
    shuffled = np.random.default_rng(0).permutation(500)
    per_report = ("claim", "stance", "rank")
    moved = {**columns, "path": columns["path"][:, shuffled], **{name: columns[name][shuffled] for name in per_report}}
    assert (score_coded(**moved) == usual).all()
    monkeypatch.setattr(coded, "BLOCK", 16)
    assert (score_coded(**columns) == usual).all()
    monkeypatch.setattr(trie, "WORD", 16)
    assert (score_coded(**columns) == usual).all()
    monkeypatch.undo()
    even = {**columns, "guess": 0.5}
    more_keys = {**even, "fidelity": np.append(columns["fidelity"], np.zeros(90))}
    assert (score_coded(**more_keys) == score_coded(**even)).all()


@pytest.mark.parametrize("word", [63, 20, 12, 4, 1])
def test_order_is_that_of_lexsort(monkeypatch: pytest.MonkeyPatch, word: int) -> None:
    monkeypatch.setattr(trie, "WORD", word)
    for seed in range(50):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 60))
        kinds = [(3, np.int32), (1, np.int64), (9, np.int8)]
        columns = [rng.integers(-3, high, n).astype(kind) for high, kind in kinds]
        assert (total_order(columns) == np.lexsort(columns[::-1])).all()
        taken = InOrder(columns)
        for i, column in enumerate(columns):
            assert (taken.take(i, slice(0, n)) == column[np.lexsort(columns[::-1])]).all()


def test_without_ranks_the_later_row_counts() -> None:
    same = {"claim": np.zeros(2, dtype=int), "path": np.zeros((1, 2), dtype=int), "fidelity": np.array([0.5])}
    assert score_coded(**same, stance=np.array([1, -1])) < 0.5 < score_coded(**same, stance=np.array([-1, 1]))


def test_of_two_alike_in_rank_the_one_that_asserts_counts() -> None:
    same = {"claim": np.zeros(2, dtype=int), "path": np.zeros((1, 2), dtype=int), "fidelity": np.array([0.5])}
    for stance in ([1, -1], [-1, 1]):
        assert score_coded(**same, stance=np.array(stance), rank=np.zeros(2, dtype=int)) > 0.5


def test_claims_without_reports_have_their_prior() -> None:
    none: dict[str, Any] = {"claim": np.zeros(0, dtype=int), "path": np.zeros((1, 0), dtype=int),
                            "stance": np.zeros(0, dtype=int), "fidelity": np.array([0.5])}  # fmt: skip
    assert score_coded(**none, prior=[0.25, 0.5]).tolist() == pytest.approx([0.25, 0.5], abs=1e-15)
    assert score_coded(**none, n_claims=0).shape == (0,)


def test_ratings_are_the_scorers_own_on_the_same_reports() -> None:
    """Officials (p .85: φ .7, over the common error's .98) and a paraphrase by media (.97), said by records."""
    rng = np.random.default_rng(4)
    n, n_claims = 300, 40
    claim, origin, outlet = rng.integers(0, n_claims, n), rng.integers(0, 8, n), rng.integers(0, 5, n)
    claim[:n_claims] = np.arange(n_claims)
    denies = rng.random(n) < 0.3
    reports: list[Report] = [
        report(link(f"O{o}", "official"), link(f"P{q}", "media", "paraphrase"), key=f"{i:04d}", claim=f"c{c:02d}",
               stance="denies" if d else "asserts")
        for i, (c, o, q, d) in enumerate(zip(claim, origin, outlet, denies, strict=True))
    ]  # fmt: skip
    policy = small_policy()
    theirs = [p_of(reports, policy, unit)[0] for unit in range(n_claims)]
    fidelity = np.append(np.full(8, 0.7 / 0.98), np.full(5, 0.97))
    ours = score_coded(claim, np.stack([origin, 8 + outlet]), np.where(denies, -1, 1), fidelity)
    assert ours == pytest.approx(theirs, abs=1e-12)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"claim": np.array([0, 0, -1])}, "code"),
    ({"n_claims": 1, "claim": np.array([0, 0, 1])}, "code"),
    ({"path": np.array([0, 0, 1])}, "length"),
    ({"path": np.zeros((0, 3), dtype=int)}, "empty"),
    ({"path": np.array([[0, 0, 2]])}, "key"),
    ({"path": np.array([[0, 0, ABSENT]])}, "empty"),
    ({"path": np.array([[0, 0, 0], [0, ABSENT, 0], [0, 1, 0]])}, "gap"),
    ({"stance": np.array([1, 0, 1])}, "stance"),
    ({"stance": np.array([1, 1])}, "length"),
    ({"rank": np.array([1, 2])}, "length"),
    ({"fidelity": np.array([0.5, 1.5])}, "fidelity"),
    ({"fidelity": np.array([0.5, math.nan])}, "fidelity"),
    ({"fidelity": np.array([[0.5, 0.5]])}, "n_keys"),
    ({"common_error": -0.1}, "fidelity"),
    ({"guess": 1.5}, "guess"),
    ({"guess": [0.5, 0.5, 0.5]}, "guess"),
    ({"prior": 1.5}, "prior"),
    ({"prior": math.nan}, "prior"),
    ({"prior": [0.5, 0.5], "n_claims": 3}, "prior"),
]


@pytest.mark.parametrize(("wrong", "named"), WRONG)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any], named: str) -> None:
    right = {"claim": np.array([0, 0, 1]), "path": np.array([[0, 1, 0]]), "stance": np.array([1, -1, 1]),
             "fidelity": np.array([0.5, 0.7])}  # fmt: skip
    assert score_coded(**right).shape == (2,)
    with pytest.raises(ScoringError, match=named):
        score_coded(**{**right, **wrong})


def test_pyagrum_agrees_on_the_benchmarks_claims() -> None:
    gum = rivals.engine()
    if gum is None:
        pytest.skip("pyAgrum is not installed")
    data = made(400)
    fidelity = data.fidelity.tolist()
    theirs = [rivals.infer(gum, *rivals.network(gum, one, fidelity)) for one in rivals.leaves_of(data, 30)]
    assert data.score()[:30] == pytest.approx(theirs, abs=1e-12)


def test_both_ways_of_the_indra_reference_agree() -> None:
    data = made(2_000)
    probs = rivals.error_rates(data)
    statements = rivals.evidence_of(data)
    assert [rivals.belief(one, probs) for one in statements] == pytest.approx(
        [rivals.lean_belief(one, probs) for one in statements], abs=1e-12
    )
    twice = [rivals.Evidence("s0", {"negated": False}), rivals.Evidence("s0", {"negated": False})]
    assert rivals.belief(twice, probs) == pytest.approx(1.0 - (0.05 + 0.3**2), abs=1e-12)


def test_the_rival_of_opinions_fuses_what_a_trusted_outlet_passes_on() -> None:
    algebra = rivals.fusion()
    if algebra is None:
        pytest.skip("jsonld-ex is not installed")
    one = rivals.fused(algebra, {(0, 1): 1}, [0.6, 0.9])
    assert one == pytest.approx(0.5 + 0.6 * 0.9 / 2)
    assert rivals.fused(algebra, {(0, 1): 1, (2, 1): -1}, [0.6, 0.9, 0.6]) == pytest.approx(0.5)


def test_the_table_has_all_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    run.main(["--small"])
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 2 + 16
    for part in (
        "INDRA",
        "bare Python",
        "jsonld-ex",
        "pyAgrum",
        "inference alone",
        "lexsort",
        "time a report",
        "bytes",
        "--help",
        "load",
        "own rules",
    ):
        assert part in printed
    assert COMMON_ERROR == 0.98


@pytest.mark.parametrize(("arguments", "also"), [(["--help"], {"pydantic"}), (["rate", "--help"], set())])
def test_help_leaves_the_heavy_packages_alone(arguments: list[str], also: set[str]) -> None:
    code = (
        "import sys; from reliability.cli import main\n"
        f"sys.argv = ['reliability', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', *sorted({{'numpy', 'scipy', 'spacy', 'pandas', *{sorted(also)!r}}} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1].strip() == "loaded:"


def test_pgmpy_agrees_on_the_benchmarks_claims() -> None:
    parts = rivals.elimination()
    if parts is None:
        pytest.skip("pgmpy is not installed")
    data = made(400)
    fidelity = data.fidelity.tolist()
    theirs = [rivals.eliminated(parts, one, fidelity) for one in rivals.leaves_of(data, 10)]
    assert data.score()[:10] == pytest.approx(theirs, abs=1e-12)
