"""The waterfall: one bar a part, in decibans, from the prior to the rating, and what the probability then is."""

from __future__ import annotations

from markupsafe import Markup

from reliability.model.rating import Rating
from reliability.reasoning.sentences import percent
from reliability.report.canvas import LETTER, Canvas
from reliability.report.figures import after, decibans, own_answer

WIDTH, ROW, FIGURES = 344, 38, 118


def waterfall(rating: Rating) -> Markup:
    """The bars as a drawing. Each begins where the one before ended; the last line is the rating."""
    bars, own = rating.waterfall, own_answer(rating)
    ends = [0.0]
    for bar in bars:
        ends.append(ends[-1] + (bar.db if _counts(rating, bar.kind) else 0.0))
    low, high = min(ends), max(ends)
    scale = (WIDTH - FIGURES - 12) / max(high - low, 6.0)
    zero = 6 - low * scale

    canvas = Canvas(WIDTH, ROW * (len(bars) + 1) + 4, "wf")
    canvas.path(f"M{zero:.1f} 16V{ROW * (len(bars) + 1)}", "axis")
    for at, bar in enumerate(bars):
        y = at * ROW
        start, end = ends[at], ends[at + 1]
        canvas.text(bar.label, 6, y + 12, "lb", WIDTH - 12)
        canvas.bar(zero + min(start, end) * scale, y + 17, abs(end - start) * scale, 12, "up" if bar.db >= 0 else "dn")
        if at + 1 < len(bars):
            canvas.path(f"M{zero + end * scale:.1f} {y + 29}v{ROW - 12}", "axis")
        _figures(canvas, decibans(bar.db), after(bar, own), y + 27)
    y = len(bars) * ROW
    canvas.text("together", 6, y + 12, "lb st")
    canvas.bar(zero + min(0.0, ends[-1]) * scale, y + 17, abs(ends[-1]) * scale, 12, "all")
    _figures(canvas, decibans(rating.rating.weight_db), percent(rating.p), y + 27)
    return canvas.markup()


def _figures(canvas: Canvas, db: str, p: str, y: float) -> None:
    canvas.text(f"{db} dB", WIDTH - 52, y, "fg e")
    canvas.text(p, WIDTH, y, "fg e st", None if len(p) * LETTER < 48 else 48)


def _counts(rating: Rating, kind: str) -> bool:
    """With more than two alternatives the weight is without the prior, so its bar is no step."""
    return kind != "prior" or rating.alternatives is None or len(rating.alternatives) == 2


def in_words(rating: Rating) -> str:
    """The same for those who can't see it."""
    own = own_answer(rating)
    parts = [f"{bar.label}: {decibans(bar.db)} dB, then {after(bar, own)}" for bar in rating.waterfall]
    return f"Waterfall. {'; '.join(parts)}; together {decibans(rating.rating.weight_db)} dB, {percent(rating.p)}."
