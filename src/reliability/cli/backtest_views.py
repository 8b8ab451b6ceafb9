"""A backtest as a record, and as the tables that every other view of it prints."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from reliability.cli.options import Format
from reliability.cli.output import as_json, one_json
from reliability.io.visible import visible
from reliability.io.writers import markdown_text
from reliability.lab.backtest import Backtest, RuleScore
from reliability.model.rounding import rounded

PLACES = 6
SCORES = {
    "n": "claims", "share_true": "share true", "brier": "Brier score", "reliability": "  reliability",
    "resolution": "  resolution", "uncertainty": "  uncertainty", "within_bins": "  within bins",
    "log_bits": "log score, bits", "ece": "expected calibration error", "accuracy": "right side of ½",
    "words": "words that hold",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A part of the result: cells are numbers, texts, or None where there is none."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def record(found: Backtest, most: int) -> dict[str, Any]:
    """The backtest as JSON types, numbers to six places; of the rules the `most` that help and that hurt most."""
    tested = found.tested
    against = None if found.against is None else found.against.model_dump()
    told: dict[str, Any] = {
        "claims": {"adjudicated": len(tested.ratings), "assessed": int(tested.assessed.sum()),
                   "not_assessed": int((~tested.assessed).sum()), "without_adjudication": tested.n_open,
                   "adjudicated_but_not_rated": len(tested.unmatched), "reports_with_hindsight": tested.n_late},
        "scores": None if found.scores is None else {**found.scores.model_dump(), "words": None},
        "scores_assessed": None if found.assessed is None else {**found.assessed.model_dump(),
                                                                "words": found.word_accuracy},
        "calibration": [one.model_dump() for one in found.bins],
        "words": [one.model_dump() for one in found.words],
        "against": against,
        "rules": {"acting": len(found.rules), "removed": [one.model_dump() for one in _telling(found.rules, most)]},
    }  # fmt: skip
    return {key: _rounded(value) for key, value in told.items()}


def _telling(rules: Sequence[RuleScore], most: int) -> list[RuleScore]:
    """The first `most` that help and the last `most` that hurt, in order."""
    helping = [one for one in rules if one.brier.mean > 0.0][:most]
    hurting = [one for one in rules if one.brier.mean < 0.0][-most:]
    return [*helping, *hurting]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return rounded(value, PLACES) if isinstance(value, float) else value


def tables(told: dict[str, Any]) -> list[Table]:
    """The record's parts as tables, in its order; empty ones are left out."""
    every, sure = told["scores"] or {}, told["scores_assessed"] or {}
    counts = tuple((key.replace("_", " "), n) for key, n in told["claims"].items())
    found = [
        Table("claims", ("claims", "n"), counts),
        Table("scores", ("score", "all", "assessed"),
              tuple((name, every.get(key), sure.get(key)) for key, name in SCORES.items())),
        Table("calibration", ("from", "to", "n", "mean p", "share true", "5 %", "95 %"),
              tuple(tuple(one.values()) for one in told["calibration"])),
        Table("words", ("word", "from", "to", "n", "mean p", "share true", "5 %", "95 %", "holds", "in reach"),
              tuple(tuple(one.values()) for one in told["words"])),
        Table("rules", ("kind", "rule removed", "Brier score by", "5 %", "95 %", "claims moved"),
              tuple((one["kind"], one["id"], *one["brier"].values(), one["n_moved"])
                    for one in told["rules"]["removed"])),
    ]  # fmt: skip
    other = told["against"]
    if other is not None:
        names = {"brier": "Brier score", "log_bits": SCORES["log_bits"]}
        rows = tuple((name, *other[key].values()) for key, name in names.items())
        found.insert(-1, Table("against", ("this policy's less the other's", "mean", "5 %", "95 %"), rows))
    return [one for one in found if one.rows]


def printed(found: Backtest, form: Format, most: int) -> str:
    """The backtest in a format."""
    told = record(found, most)
    return views(told, tables(told), form)


def views(told: dict[str, Any], found: Sequence[Table], form: Format) -> str:
    """A record, or its tables, in a format."""
    made: dict[Format, Callable[[], str]] = {
        Format.json: lambda: one_json(told), Format.jsonl: lambda: as_json([told], form),
        Format.csv: lambda: _csv(found), Format.markdown: lambda: _markdown(found),
        Format.table: lambda: "\n".join(_aligned(table) for table in found),
    }  # fmt: skip
    return made[form]()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "–"
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else visible(value)


def _aligned(table: Table) -> str:
    """Columns side by side, numbers to the right."""
    rows = [list(table.columns), *([_cell(value) for value in row] for row in table.rows)]
    wide = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    left = [all(isinstance(value, str) for value in column) for column in zip_longest(*table.rows)]
    lines = (
        "  ".join(
            cell.ljust(room) if is_left else cell.rjust(room)
            for cell, room, is_left in zip(row, wide, left, strict=True)
        ).rstrip()
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _markdown(found: Iterable[Table]) -> str:
    parts = []
    for table in found:
        rows = [[*table.columns], ["---"] * len(table.columns),
                *([markdown_text(_cell(value)) for value in row] for row in table.rows)]  # fmt: skip
        parts.append("".join(f"| {' | '.join(row)} |\n" for row in rows))
    return "\n".join(parts)


def _csv(found: Iterable[Table]) -> str:
    """One number a line: the part, the row's texts, the column, the number."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["part", "row", "measure", "value"])
    for table in found:
        for row in table.rows:
            named = [value for value in row if isinstance(value, str)] or [f"{row[0]:g} to {row[1]:g}"]
            for column, value in zip(table.columns, row, strict=True):
                if value is not None and not isinstance(value, str):
                    writer.writerow([table.name, " ".join(named).strip(), column, str(value).lower()])
    return out.getvalue()
