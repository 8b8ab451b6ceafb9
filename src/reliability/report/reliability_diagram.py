"""A reliability diagram: what was said against what turned out, with the bands that luck alone would fill."""

from __future__ import annotations

from collections.abc import Sequence

from reliability.lab.calibration import Band, Calibration
from reliability.report.canvas import Canvas

SIDE, MARGIN, BELOW = 400, 48, 64
STYLE = (
    "<style>.rd{font:12px sans-serif;background:#fff}.gr{stroke:#ccc;fill:none}.dg{stroke:#888;fill:none;"
    "stroke-dasharray:4 3}.lk{fill:#b7c9e2;fill-opacity:.6}.ci{stroke:#1b4f8f;fill:none}.pt{fill:#1b4f8f}"
    ".hs{fill:#8a8a8a}.sm{font-size:11px;fill:#444}.hd{fill:#111}</style>"
)


def reliability_diagram(found: Calibration) -> str:
    """The diagram as a whole SVG file, without scripts; lengths in pixels.

    A dot is a bin: across its mean p, up the share that was true, with its 5–95 % interval. Shaded is where the dot
    would lie nine times in ten, were the ratings right. At the foot stands how many claims each bin holds.
    """
    canvas = Canvas(SIDE + 2 * MARGIN, SIDE + MARGIN + BELOW, "rd")
    for n in range(11):
        at = n / 10
        canvas.path(f"M{_x(at):.1f} {_y(0):.1f}V{_y(1):.1f}M{_x(0):.1f} {_y(at):.1f}H{_x(1):.1f}", "gr")
        if n % 2 == 0:
            canvas.text(f"{at:.1f}", _x(at) - 8, _y(0) + 16, "sm")
            canvas.text(f"{at:.1f}", MARGIN - 24, _y(at) + 4, "sm")
    for band in found.bands:
        top, bottom = _y(band.luck_high), _y(band.luck_low)
        canvas.bar(_x(band.low) + 1, top, _x(band.high) - _x(band.low) - 2, max(bottom - top, 1.0), "lk")
    canvas.path(f"M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}", "dg")
    for band in found.bands:
        x = _x(band.mean_p)
        canvas.path(f"M{x:.1f} {_y(band.true_low):.1f}V{_y(band.true_high):.1f}", "ci")
        canvas.dot(x, _y(band.share_true), 4, "pt")
    _counts(canvas, found.bands)
    said = f"{found.scores.n:,} ratings, Brier score {found.scores.brier:.4f}, ECE {found.scores.ece:.4f}"
    canvas.text(said, MARGIN, 20, "hd")
    canvas.text("share that was true (up) by rated p (across); shaded: luck alone", MARGIN, 38, "sm")
    svg = str(canvas.markup()).replace(' aria-hidden="true"', ' xmlns="http://www.w3.org/2000/svg" role="img"', 1)
    head, end, body = svg.partition(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{end}<title>{said}</title>{STYLE}{body}\n'


def _counts(canvas: Canvas, bands: Sequence[Band]) -> None:
    most = max(band.n for band in bands)
    foot = SIDE + MARGIN + BELOW - 12
    for band in bands:
        height = max(1.0, 22.0 * band.n / most)
        canvas.bar(_x(band.low) + 1, foot - height, _x(band.high) - _x(band.low) - 2, height, "hs")
        canvas.text(f"{band.n:,}", _x(band.low) + 2, foot + 11, "sm")


def _x(value: float) -> float:
    return MARGIN + SIDE * value


def _y(value: float) -> float:
    return MARGIN + SIDE * (1.0 - value)
