"""What is refused is named: the number that is wrong, not one beside it, and the first of several names."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import link, numbered, report, score, small_policy

from reliability.errors import InputError, ScoringError
from reliability.scoring.channel import check_channels
from reliability.scoring.coded import score_coded


def test_of_several_fidelities_the_first_that_is_none_is_named() -> None:
    with pytest.raises(ScoringError, match=r"fidelity of 1\.5 is"):
        check_channels(np.array([0.0, 0.5, 1.0, 1.5, -2.0]), np.full((2, 5), 0.5))


def test_of_several_ids_of_claims_and_questions_alike_the_first_by_name_is_refused() -> None:
    reports = [report(link("He", "official"), claim=name) for name in ("b", "a")]
    reports += [one.model_copy(update={"claim": None, "question": one.claim, "alternative": "A"}) for one in reports]
    with pytest.raises(InputError, match=r"^a\b"):
        score(numbered(reports), small_policy())


def test_more_priors_than_claims_are_refused() -> None:
    with pytest.raises(ScoringError, match="prior"):
        score_coded(np.array([0, 1]), np.array([[0, 0]]), np.array([1, -1]), np.array([0.5]), prior=[0.5, 0.5, 0.5],
                    n_claims=2)  # fmt: skip


def test_a_claims_code_out_of_range_is_refused_with_the_range() -> None:
    with pytest.raises(ScoringError, match="outside 0 to 1"):
        score_coded(np.array([0, 2]), np.array([[0, 0]]), np.array([1, -1]), np.array([0.5]), n_claims=2)


def test_without_keys_and_reports_claims_have_their_prior() -> None:
    none = np.zeros(0, dtype=int)
    found = score_coded(none, np.zeros((1, 0), dtype=int), none, np.zeros(0), prior=[0.25, 0.5])
    assert found.tolist() == pytest.approx([0.25, 0.5], abs=1e-15)


@pytest.mark.parametrize("columns", [1, 3])
def test_a_path_for_fewer_or_more_reports_than_there_are_is_refused(columns: int) -> None:
    with pytest.raises(ScoringError, match="length"):
        score_coded(np.array([0, 1]), np.zeros((1, columns), dtype=int), np.array([1, -1]), np.array([0.5]))


def test_one_prior_outside_among_others_is_refused() -> None:
    with pytest.raises(ScoringError, match="prior"):
        score_coded(np.array([0, 1]), np.array([[0, 0]]), np.array([1, -1]), np.array([0.5]), prior=[0.5, 1.5])
