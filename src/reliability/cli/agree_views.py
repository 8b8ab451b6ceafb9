"""Agreement as text: a table, Markdown, CSV or JSON, with the same figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reliability.cli.options import Format
from reliability.cli.output import as_json, one_json
from reliability.exchange.agreeing import Agreed, Alpha
from reliability.io.reports_out import csv_line
from reliability.io.visible import visible
from reliability.io.writers import markdown_text, text_cell

COLUMNS = ("raters", "level", "alpha", "low", "high", "units", "values", "note")
READ = "α from .8 on is agreement to build on, from .667 tentative, 0 what chance gives (Krippendorff 2004)."
WIDTHS = (10, 8, 8, 8, 7, 7)


def shown(found: Agreed, form: Format) -> str:
    """The result in a format; jsonl has a line an α."""
    alphas = [*found.together, *found.pairs]
    match form:
        case Format.json:
            return one_json(found.model_dump(mode="json"))
        case Format.jsonl:
            return as_json([one.model_dump(mode="json") for one in alphas], form)
        case Format.csv:
            return csv_line(COLUMNS) + "".join(csv_line(_csv(_cells(one))) for one in alphas)
        case Format.markdown:
            rows = [COLUMNS, ["---"] * len(COLUMNS), *([markdown_text(cell) for cell in _cells(one)] for one in alphas)]
            return "".join(f"| {' | '.join(row)} |\n" for row in rows)
        case Format.table:
            return _table(found)


def _cells(one: Alpha) -> list[str]:
    figures = (one.alpha, one.low, one.high, one.units, one.values)
    return [" & ".join(one.raters), one.level, *("" if n is None else str(n) for n in figures), one.note or ""]


def _csv(cells: Sequence[str]) -> list[str]:
    """Cells as CSV has them: of the texts, those that could be a formula are defused; numbers stay numbers."""
    return [text_cell(cells[0]), *cells[1:-1], text_cell(cells[-1])]


def _table(found: Agreed) -> str:
    lines = [f"{visible(name)}: {count:,} claims valued" for name, count in found.raters.items()]
    lines += ["", *_block("all together", found.together)]
    for at in range(0, len(found.pairs), 3):
        pair = found.pairs[at : at + 3]
        lines += ["", *_block(" and ".join(map(visible, pair[0].raters)), pair)]
    return "\n".join([*lines, "", READ]) + "\n"


def _block(title: str, alphas: Sequence[Alpha]) -> list[str]:
    lines = [title, _line(("", "α", "2.5 %", "97.5 %", "claims", "values"))]
    for one in alphas:
        figures = ("–" if n is None else f"{n:.3f}" for n in (one.alpha, one.low, one.high))
        note = f"  {visible(one.note)}" if one.note else ""
        lines.append(_line((one.level, *figures, f"{one.units:,}", f"{one.values:,}")) + note)
    return lines


def _line(cells: Iterable[str]) -> str:
    first, *rest = zip(cells, WIDTHS, strict=True)
    return "  " + first[0].ljust(first[1]) + "".join(cell.rjust(width) for cell, width in rest)
