"""Sources that err together: copies are found, independent sources are not, whatever their records."""

import numpy as np
import pytest
from scipy.stats import binom, false_discovery_control
from strategies import link, report, shipped

from reliability.io.sources import read_sources_file
from reliability.io.sources_out import sources_toml
from reliability.learning.dependence import find_dependence, with_reports
from reliability.learning.dependence_blocs import propose
from reliability.learning.records import learn_records
from reliability.learning.records_evidence import Said


def world(seed: int, n_sources: int = 30, n_claims: int = 200, copies: int = 0, kind: str = "media",
          harder: float = 0.0) -> list[Said]:  # fmt: skip
    """Sources that err by their own rates (5 to 40 %), on hard claims more; `copies` repeat all that the first says."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n_claims) < 0.5
    rates = rng.uniform(0.05, 0.4, n_sources)
    hard = np.where(rng.random(n_claims) < 0.2, harder, 0.0)
    wrong = rng.random((n_sources, n_claims)) < np.minimum(rates[:, None] + hard, 0.95)
    speaks = rng.random((n_sources, n_claims)) < 0.4
    rows = [
        (f"s{at:02}", n, bool(wrong[at, n])) for at in range(n_sources) for n in np.flatnonzero(speaks[at]).tolist()
    ]
    rows += [(f"copy{k}", n, bool(wrong[0, n])) for k in range(copies) for n in np.flatnonzero(speaks[0]).tolist()]
    return [Said(source, kind, None, f"c{n:03}", "asserts" if truth[n] != error else "denies", float(truth[n]))
            for source, n, error in rows]  # fmt: skip


@pytest.mark.parametrize("harder", [0.0, 0.5])
def test_independent_sources_are_hardly_ever_proposed(harder: float) -> None:
    """Also where a fifth of the claims is hard for all: over 30 worlds at most one pair in all."""
    assert sum(len(find_dependence(world(seed, harder=harder)).pairs) for seed in range(30)) <= 1


def test_who_repeats_another_is_found_with_all_who_do() -> None:
    for seed in range(5):
        found = find_dependence(world(seed, copies=2))
        assert found.groups == (("copy0", "copy1", "s00"),)
        assert all(pair.shared == pair.errors_a == pair.errors_b > pair.expected for pair in found.pairs)


def test_agreeing_on_the_truth_is_no_dependence() -> None:
    rows = [Said(f"s{at}", "media", None, f"c{n}", "asserts", 1.0) for at in range(6) for n in range(300)]
    assert find_dependence(rows).pairs == ()


def test_with_two_sources_alone_the_test_is_binomial() -> None:
    """Nobody else speaks, so that no claim is harder: each errs by its own rate."""
    rows = [Said(name, "media", None, f"c{n}", "asserts", float(n >= 12)) for name in "ab" for n in range(120)]
    (pair,) = find_dependence(rows).pairs
    overall = (24 + 1) / (240 + 2)
    rate = (12 + 2 * overall) / (120 + 2)
    assert pair.p == pytest.approx(binom(120, rate**2).sf(11), rel=1e-6)
    assert pair.p_adjusted == pair.p


def test_the_adjustment_is_that_of_scipy() -> None:
    found = find_dependence(world(1, copies=3), false_discoveries=1.0)
    chances = [pair.p for pair in found.pairs] + [1.0] * (found.n_possible - len(found.pairs))
    assert len(found.pairs) == found.n_tested
    expected = false_discovery_control(chances)[: len(found.pairs)]
    assert [pair.p_adjusted for pair in found.pairs] == pytest.approx(expected)


def test_the_order_of_rows_does_not_matter() -> None:
    rows = world(2, copies=1)
    assert find_dependence(rows[::-1]) == find_dependence(rows)


@pytest.mark.parametrize("rows", [[], [Said("a", "media", None, "c", "asserts", 0.0)]])
def test_nobody_and_one_source_are_no_pair(rows: list[Said]) -> None:
    assert find_dependence(rows).pairs == ()


def test_same_words_and_the_same_minute_are_counted() -> None:
    rows = world(3, copies=1)
    reports = []
    for one in rows:
        minute = "00" if one.source in ("s00", "copy0") else "30"
        text = f"{one.claim} is so" if minute == "00" else f"{one.source} on {one.claim}"
        chain = link(one.source, "media", via="saw-it-ourselves")
        reports.append(report(chain, claim=one.claim, text=text, published=f"2024-01-01T10:{minute}:00Z",
                              key=f"{one.source}{one.claim}"))  # fmt: skip
    (pair,) = with_reports(find_dependence(rows), reports, shipped()).pairs
    assert pair.same_text == pair.same_minute == pair.n_claims


@pytest.mark.parametrize(("kind", "works_alone"), [("eyewitness", True), ("media", False)])
def test_a_proposal_is_a_sources_file(tmp_path: object, kind: str, works_alone: bool) -> None:
    rows, policy = world(4, copies=1, kind=kind), shipped()
    found = find_dependence(rows)
    told = propose(found, learn_records(rows, policy), policy)
    path = tmp_path / "blocs.toml"  # type: ignore[operator]
    path.write_text(sources_toml(told.entries, (), told.remarks), encoding="utf-8")
    entries = read_sources_file(path)
    assert [entry.name for entry in entries] == ["copy0", "s00"]
    assert {entry.facts.get("group") for entry in entries} == ({"errs-together.copy0"} if works_alone else {None})
    assert {entry.bloc for entry in entries} == ({None} if works_alone else {"errs-together.copy0"})
    assert any("shared errors" in line for line in told.remarks)
    assert any("ceiling" in line for line in told.remarks) is not works_alone
