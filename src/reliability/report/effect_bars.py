"""A rule's effect drawn: what it moves from where to where, on a line from least to most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10

from markupsafe import Markup

from reliability.report.canvas import Canvas
from reliability.rules.schema import Bias, Bloc, Constant, Hedge, Modifier, Prior, Relay, Rule, Silence, SourceType

WIDTH, HEIGHT, EDGE = 344, 40, 6
CELLS = 24
MOST_DB = 12.0
"""The line of shifts ends at ±12 dB; what is beyond is drawn to its end."""


@dataclass(frozen=True)
class Span:
    """A bar from `start` to `end` on a line, all as shares of the line; `zero` is where nothing would be moved."""

    start: float
    end: float
    zero: float
    least: str
    most: str

    @property
    def sides(self) -> tuple[float, float]:
        """The bar's left and right end, kept on the line."""
        low, high = sorted((self.start, self.end))
        return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)


def span_of(rule: Rule) -> Span | None:
    """Where a rule's bar begins and ends; None for rules without a number that a line can show."""
    if isinstance(rule, Modifier) and rule.effect[0].shift_db is not None:
        share = 0.5 + rule.effect[0].shift_db / (2.0 * MOST_DB)
        return Span(0.5, share, 0.5, f"−{MOST_DB:g} dB", f"+{MOST_DB:g} dB")
    if isinstance(rule, Bias):
        low, high = (0.5 + log10(end) / 2.0 for end in (rule.effect[0].low, rule.effect[0].high))
        return Span(low, high, 0.5, "a tenth", "ten times")
    ends = _chances(rule)
    return None if ends is None else Span(*ends, ends[0] if not isinstance(rule, Hedge) else 0.5, "0%", "100%")


def _chances(rule: Rule) -> tuple[float, float] | None:
    """From which chance a rule's number leads to which."""
    if isinstance(rule, Modifier):
        effect = rule.effect[0]
        return 0.5, next(value for value in (effect.guess, effect.p) if value is not None)
    if isinstance(rule, SourceType):
        return rule.effect[0].p0, rule.effect[0].p
    if isinstance(rule, Hedge):
        return rule.effect[0].low, rule.effect[0].high
    if isinstance(rule, Prior):
        return 0.5, rule.effect[0].prior
    if isinstance(rule, Relay):
        effect_ = rule.effect[0]
        return 0.0, next(value for value in (effect_.fidelity, effect_.factor) if value is not None)
    if isinstance(rule, Bloc):
        return 0.0, rule.effect[0].ceiling
    if isinstance(rule, Silence):
        return 0.0, rule.effect[0].coverage
    if isinstance(rule, Constant) and rule.bounds.get(rule.id, (None, 0.0))[1] <= 1.0:
        return 0.0, rule.effect[0].value
    return None


def drawn(span: Span) -> Markup:
    """The bar as a drawing."""
    room = WIDTH - 2 * EDGE
    low, high = (EDGE + side * room for side in span.sides)
    canvas = Canvas(WIDTH, HEIGHT, "ef")
    canvas.path(f"M{EDGE} 12H{WIDTH - EDGE}", "rg")
    canvas.bar(low, 5, high - low, 14, "up" if span.end >= span.start else "dn")
    canvas.path(f"M{EDGE + span.zero * room:.1f} 1V23", "axis")
    canvas.text(span.least, EDGE, 36, "sm")
    canvas.text(span.most, WIDTH - EDGE, 36, "sm e")
    return canvas.markup()


def typed(span: Span) -> str:
    """The bar in characters, for where there are no drawings: `zero` is the upright line."""
    low, high = (round(side * CELLS) for side in span.sides)
    zero = round(span.zero * CELLS)
    line = ["█" if low <= at < max(high, low + 1) else "─" for at in range(CELLS)]
    line.insert(zero, "│")
    return f"{span.least} {''.join(line)} {span.most}"


def values_of(values: Mapping[str, object]) -> str:
    """An effect's own numbers and words on a line."""
    told = {key: value for key, value in values.items() if value not in (None, {}, (), [])}
    return ", ".join(
        f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in told.items()
    )
