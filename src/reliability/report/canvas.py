"""A drawing as inline SVG: drawsvg behind a gate that lets no text into attributes."""

from __future__ import annotations

import re
from typing import Any

import drawsvg
from markupsafe import Markup

from reliability.io.visible import visible

_SAFE = re.compile(r"[A-Za-z0-9 .,+-]*")
_SPARE = ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"\n    '
LETTER, SMALL = 6.6, 5.6
"""An average letter's width at the charts' 12-pixel type, and at the small one: enough to cut labels by."""


class Canvas:
    """A drawing of a width and a height in pixels, filled from back to front.

    Colours come from the page's style sheet through `kind`, the element's class. Text is escaped by drawsvg, and its
    unseen characters are shown. Attributes may be numbers, or strings of letters, digits and a few signs.
    """

    def __init__(self, width: float, height: float, kind: str) -> None:
        self._drawing = drawsvg.Drawing(short(width), short(height), class_=_safe(kind))

    def bar(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A rectangle with slightly rounded corners; a width below one pixel is drawn as one."""
        self._add(drawsvg.Rectangle(short(x), short(y), short(max(width, 1.0)), short(height), rx=2,
                                    class_=_safe(kind)))  # fmt: skip

    def path(self, d: str, kind: str, **attributes: float) -> None:
        """A path; `d` in SVG's path language."""
        self._add(drawsvg.Path(_safe(d), class_=_safe(kind), **{k: short(v) for k, v in attributes.items()}))

    def dot(self, x: float, y: float, radius: float, kind: str) -> None:
        """A filled circle."""
        self._add(drawsvg.Circle(short(x), short(y), short(radius), class_=_safe(kind)))

    def text(self, text: str, x: float, y: float, kind: str, room: float | None = None) -> None:
        """A line of text whose baseline is at y, cut with an ellipsis to `room` pixels."""
        shown = visible(text)
        most = None if room is None else max(4, int(room / (SMALL if kind.startswith("sm") else LETTER)))
        if most is not None and len(shown) > most:
            shown = shown[: most - 1].rstrip() + "…"
        self._add(drawsvg.Text(shown, None, short(x), short(y), class_=_safe(kind)))

    def _add(self, element: Any) -> None:
        self._drawing.append(element)

    def markup(self) -> Markup:
        """The SVG element, hidden from screen readers: what stands around it says the same in words."""
        svg: str = self._drawing.as_svg(header="", skip_js=True, skip_css=True)
        svg = svg.replace(_SPARE, ' aria-hidden="true"').replace("<defs>\n</defs>\n", "").replace(" />", "/>")
        return Markup(svg.strip().replace("\n", ""))


def short(value: float) -> float | int:
    """A length to a tenth of a pixel, without a tail of zeros."""
    found = round(float(value), 1)
    return int(found) if found == int(found) else found


def _safe(value: str) -> str:
    if _SAFE.fullmatch(value) is None:
        raise ValueError(f"{value!r} may not stand in an attribute")
    return value
