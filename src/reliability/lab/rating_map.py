"""A recalibration map as a rule, from ratings that were settled: for a policy's folder, to be taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from reliability.errors import InputError
from reliability.lab.calibration import Case
from reliability.lab.recalibration import Recalibration as Fit
from reliability.lab.recalibration import recalibration
from reliability.rules.schema import Recalibration, RecalibrationEffect, Reference

LEAST_CLAIMS = 50
"""From fewer settled claims a map says more of them than of what comes."""
RULE = "past-record"
SOURCES = {
    "beta": Reference(title="Kull, Silva Filho & Flach 2017, Beta calibration", url="https://doi.org/10.1214/17-EJS1338SI"),
    "isotonic": Reference(title="Zadrozny & Elkan 2002, Transforming classifier scores into accurate multiclass "
                          "probability estimates", url="https://doi.org/10.1145/775047.775151"),
}  # fmt: skip


def rating_map(cases: Sequence[Case], where: str, since: date | None) -> Recalibration:
    """The map that is best on claims that it was not fitted to, as a rule that holds from a day on.

    Only ratings of plain claims, as their trees had them, teach one. Raises InputError for fewer than 50 of these, for
    claims that all hang together, and where no map helps.
    """
    plain = sorted((one for one in cases if one.plain), key=lambda one: one.claim)
    if len(plain) < LEAST_CLAIMS:
        raise InputError(where, problem=f"{len(plain):,} settled ratings of plain claims that no map has been at",
                         remedy=f"a map is fitted to {LEAST_CLAIMS} at least, rated without one")  # fmt: skip
    p, truth = (np.array([getattr(one, name) for one in plain], dtype=float) for name in ("p", "truth"))
    _, group = np.unique([one.group for one in plain], return_inverse=True)
    found = recalibration(p, truth, group)
    if found.best == "none":
        raise InputError(where, problem="no map would have helped on claims that it was not fitted to",
                         remedy="leave ratings as they are")  # fmt: skip
    return _rule(found, len(plain), where, since)


def _rule(found: Fit, n: int, where: str, since: date | None) -> Recalibration:
    scores = {one.name: one for one in found.tried}
    before, after = scores["none"], scores[found.best]
    a, b, c = found.beta if found.best == "beta" else (1.0, 1.0, 0.0)
    effect = RecalibrationEffect(
        method="beta" if found.best == "beta" else "isotonic", a=a, b=b, c=c, basis="measured", grade="C",
        points=found.points if found.best == "isotonic" else (),
    )  # fmt: skip
    return Recalibration(
        id=RULE, question="What do ratings become, by how right they were?", since=since, n_claims=n, fitted_on=where,
        rationale=f"Of {n:,} settled claims, in {found.folds} folds, this map made those better that it was not fitted "
                  f"to: {before.log_bits:.4f} bits of surprise became {after.log_bits:.4f}.",
        references=(SOURCES[found.best],), log_bits=(round(before.log_bits, 6), round(after.log_bits, 6)),
        brier=(round(before.brier, 6), round(after.brier, 6)), effect=(effect,),
    )  # fmt: skip
