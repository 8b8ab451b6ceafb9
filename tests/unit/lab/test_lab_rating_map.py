"""A recalibration map as a rule: fitted to plain claims, and only where it helps."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from reliability.errors import InputError, RuleError
from reliability.io.rules_out import rule_toml
from reliability.lab.calibration import Case
from reliability.lab.rating_map import LEAST_CLAIMS, rating_map
from reliability.model.dates import day_after
from reliability.rules.policy import Policy
from reliability.scoring.recalibrated import recalibrated

RNG = np.random.default_rng(9)
P = RNG.uniform(0.02, 0.98, 3_000)


def cases(p: np.ndarray, chance: np.ndarray, plain: bool = True) -> list[Case]:
    truth = np.random.default_rng(1).random(len(p)) < chance
    return [Case(f"c{n:05}", float(x), float(t), f"g{n}", "plain claim", (), plain)
            for n, (x, t) in enumerate(zip(p.tolist(), truth.tolist(), strict=True))]  # fmt: skip


def test_ratings_that_were_too_sure_are_mapped_back_to_what_was_true() -> None:
    chance = expit(0.5 * logit(P) - 0.4)
    rule = rating_map(cases(P, chance), "past.jsonl", date(2025, 1, 1))
    assert np.abs(recalibrated(P, rule.effect[0]) - chance).max() < 0.05
    assert rule.log_bits is not None
    assert rule.log_bits[1] < rule.log_bits[0]
    assert (rule.n_claims, rule.since, rule.fitted_on) == (3_000, date(2025, 1, 1), "past.jsonl")


def test_a_bend_that_no_beta_has_is_mapped_by_steps() -> None:
    chance = np.where(P < 0.3, 0.1, np.where(P < 0.7, 0.5, 0.9))
    rule = rating_map(cases(P, chance), "past.jsonl", None)
    assert rule.effect[0].method == "isotonic"
    assert np.abs(recalibrated(P, rule.effect[0]) - chance).mean() < 0.04


def test_ratings_that_were_right_get_no_map() -> None:
    with pytest.raises(InputError, match="no map would have helped"):
        rating_map(cases(P, P), "past.jsonl", None)


def test_too_few_settled_claims_and_such_as_are_not_plain_teach_no_map() -> None:
    few, figures = cases(P[: LEAST_CLAIMS - 1], P[: LEAST_CLAIMS - 1]), cases(P, P * 0.5, plain=False)
    with pytest.raises(InputError, match="49 settled ratings of plain claims"):
        rating_map([*few, *figures], "past.jsonl", None)


def test_a_map_reads_back_as_it_was_written_and_a_second_one_is_refused(tmp_path: Path) -> None:
    rule = rating_map(cases(P, expit(0.5 * logit(P))), 'past \\ "x".jsonl', date(2025, 1, 1))
    (tmp_path / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
    folder = tmp_path / "recalibration"
    folder.mkdir()
    (folder / "a.toml").write_text(rule_toml(rule), encoding="utf-8")
    assert Policy.load(tmp_path).recalibrations == (rule,)
    assert Policy.load(tmp_path, as_of=date(2024, 12, 31)).recalibrations == ()
    (folder / "b.toml").write_text(rule_toml(rule).replace("past-record", "second"), encoding="utf-8")
    with pytest.raises(RuleError, match="maps ratings, and so does 'past-record'"):
        Policy.load(tmp_path)


@pytest.mark.parametrize(("text", "day"), [
    ("2024", date(2025, 1, 1)), ("2024-02", date(2024, 3, 1)), ("2024-02-28", date(2024, 2, 29)),
    ("2024-02-28T10:00:00Z", date(2024, 2, 29)), ("9999", date.max),
])  # fmt: skip
def test_a_map_holds_from_the_day_after_the_last_claim_was_settled(text: str, day: date) -> None:
    assert day_after(text) == day
