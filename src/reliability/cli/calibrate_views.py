"""A calibration as a record, and as the tables that every other view of it prints."""

from __future__ import annotations

from typing import Any

from reliability.cli.backtest_views import SCORES, Table, views
from reliability.cli.options import Format
from reliability.lab.calibration import Calibration
from reliability.model.rounding import rounded

PLACES = 6
NAMES = {**SCORES, "sharpness": "sharpness (variance of p)", "auc": "area under the curve"}


def record(found: Calibration, left_out: dict[str, int]) -> dict[str, Any]:
    """The calibration as JSON types, numbers to six places."""
    told: dict[str, Any] = {
        "claims": {"rated_and_settled": found.scores.n, "groups": found.n_groups, **left_out},
        "scores": found.scores.model_dump(),
        "measures": [one.model_dump() for one in found.measures],
        "calibration": [one.model_dump() for one in found.bands],
        "parts": [{"by": one.by, "name": one.name, **one.scores.model_dump(), "auc": one.auc} for one in found.parts],
        "recalibration": found.recalibration.model_dump(mode="json"),
    }
    return {key: _rounded(value) for key, value in told.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return rounded(value, PLACES) if isinstance(value, float) else value


def tables(told: dict[str, Any]) -> list[Table]:
    """The record's parts as tables."""
    whole = [key for key in SCORES if key in told["scores"]]
    part = ("n", "share_true", "brier", "log_bits", "ece", "auc")
    found = [
        Table("claims", ("claims", "n"), tuple((key.replace("_", " "), n) for key, n in told["claims"].items())),
        Table("scores", ("score", "value"), tuple((SCORES[key], told["scores"][key]) for key in whole)),
        Table("measures", ("measure", "value", "5 %", "95 %"),
              tuple((NAMES[one["name"]], one["value"], one["low"], one["high"]) for one in told["measures"])),
        Table("calibration", ("from", "to", "n", "mean p", "share true", "5 %", "95 %", "luck 5 %", "luck 95 %"),
              tuple(tuple(one.values()) for one in told["calibration"])),
        Table("parts", ("by", "name", *(NAMES[key].strip() for key in part)),
              tuple((one["by"], one["name"], *(one[key] for key in part)) for one in told["parts"])),
        Table("recalibration", ("map, on claims that it was not fitted to", NAMES["brier"], NAMES["log_bits"]),
              tuple(tuple(one.values()) for one in told["recalibration"]["tried"])),
    ]  # fmt: skip
    return [one for one in found if one.rows]


def printed(found: Calibration, left_out: dict[str, int], form: Format) -> str:
    """The calibration in a format."""
    told = record(found, left_out)
    return views(told, tables(told), form)
