"""Ratings as a table for people: it prints the record's figures and computes none."""

from __future__ import annotations

import io
import os
import shutil
from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reliability.api import Outcome
from reliability.io.visible import visible
from reliability.model.rating import Chain, Rating, Verdict
from reliability.model.report import Report
from reliability.reasoning.sentences import people, percent

WIDE = 130
ROOMY = 110
ORIGIN, NARROW_ORIGIN = 26, 22
"""The origin's column: holds the source types that come up, in brackets, on one line."""

GAP = 2
"""Between two columns."""
ARROW = " → "


def width() -> int:
    """The terminal's columns; COLUMNS wins, 100 where there is no terminal."""
    given = os.environ.get("COLUMNS", "")
    return min(500, max(60, int(given[:9]) if given.isdecimal() else _terminal()))


def _terminal() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def probability(rating: Rating) -> str:
    """p with low–high, as the table has it; of a figure that it is right as stated, and the figure's low–high."""
    verdict, figure = rating.rating, rating.quantity
    if figure is not None:
        best, low, high = (people(figure[end]) for end in ("best", "low", "high"))
        return f"{percent(verdict.p)} ×{figure['within']:g}\n{best} ({low}–{high})"
    if verdict.low is None or verdict.high is None:
        return f"{percent(verdict.p)} (–)"
    return f"{percent(verdict.p)} ({verdict.low * 100:.0f}–{verdict.high * 100:.0f})"


def words(verdict: Verdict) -> str:
    """ICD 203's words, or that the claim is not assessed."""
    return verdict.icd203 or "not assessed"


def shortened(text: str, most: int) -> str:
    """A text on one line, cut with an ellipsis; hostile characters shown."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def counted(chain: Chain) -> tuple[str, str]:
    """The origin of a chain as it counts, with its type below, and what carried it."""
    links = chain.links[chain.counted_from :]
    names = [link.rsplit(" [", 1)[0] for link in links]
    kind = links[0].rsplit(" [", 1)[1].rstrip("]").split(",")[0]
    return f"{visible(names[0])}\n[{kind}]", "".join(
        f"{ARROW}{visible(name)}" for name in names[1:]
    ).strip() or "its own voice"


def standing(rating: Rating) -> list[Chain]:
    """The chains that count, one a provenance, in order."""
    seen: dict[tuple[str, ...], Chain] = {}
    for chain in rating.chains:
        if chain.standing == "counts":
            seen.setdefault(chain.links, chain)
    return list(seen.values())


def in_text_order(outcome: Outcome) -> list[Rating]:
    """Ratings in the order in which their first reports were read; answers to one question stay together."""
    place = {report.key: at for at, report in enumerate(outcome.reports)}
    return sorted(outcome.ratings, key=lambda one: (min(place[key] for key in one.reports), one.claim.id))


def ratings_table(ratings: Sequence[Rating], columns: int) -> str:
    """One row a claim: who stands behind it, how likely it is, in numbers and words, how firm that is, flags.

    What a narrow terminal has no column for (the chain, the flags)
    stands below what it belongs to.
    """
    wide, roomy = columns >= WIDE, columns >= ROOMY
    origin = ORIGIN if roomy else NARROW_ORIGIN
    fixed = {"p (low–high)": 14, **({"ICD 203": 11, "conf.": 8, "flags": 20} if roomy else {"ICD 203, conf.": 14})}
    left = columns - origin - sum(fixed.values()) - GAP * (len(fixed) + 1 + wide)
    chain = min(left // 3, 30) if wide else 0
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for name, room in {
        "claim" if roomy else "claim, flags": left - chain, "origin [type]": origin,
        **({"chain": chain} if wide else {}), **fixed,
    }.items():  # fmt: skip
        table.add_column(Text(name), width=room, overflow="fold")
    for rating in ratings:
        verdict = rating.rating
        chains = [counted(one) for one in standing(rating)]
        shown = chains if wide else [(f"{origin}\n{way}", way) for origin, way in chains]
        claim = visible(rating.claim.id) + "\n" + shortened(rating.claim.text, (left - chain) * 3)
        row = [claim if roomy else "\n".join((claim, *(f"· {flag}" for flag in rating.flags)))]
        row.append("\n".join(dict.fromkeys(_lines(origin) for origin, _ in shown)) or "nobody any more")
        row += ["\n".join(dict.fromkeys(way for _, way in chains))] if wide else []
        row.append(probability(rating))
        firm = [words(verdict), verdict.analytic_confidence.level]
        row += [*firm, "\n".join(rating.flags)] if roomy else ["\n".join(firm)]
        table.add_row(*(Text(cell) for cell in row))
    return printed(table, columns)


def _lines(text: str) -> str:
    """A text whose line breaks are ours, and whose hostile characters are shown."""
    return "\n".join(visible(line) for line in text.split("\n"))


def printed(what: Table, columns: int) -> str:
    """A rich table as plain text, without colour, no space at line ends."""
    out = io.StringIO()
    Console(file=out, width=columns, no_color=True, highlight=False, force_terminal=False, emoji=False).print(what)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def unrated_lines(reports: Sequence[Report], columns: int) -> str:
    """What was found and not rated, with the reason: only statements are true or false."""
    if not reports:
        return ""
    kinds = Counter(report.kind for report in reports)
    many = ", ".join(f"{count} {kind if count == 1 else kind + 's'}" for kind, count in sorted(kinds.items()))
    lines = [f"Not rated, because only statements are true or false: {many}"]
    for report in reports:
        who = report.provenance[0].source
        lines.append("  " + shortened(f"{report.kind}: {who}: {report.text or report.claim}", columns - 2))
    return "\n".join(lines) + "\n"
