"""A rating in a notebook: a small fragment of HTML, escaped, without script; it needs no extra."""

from __future__ import annotations

from html import escape

from reliability.io.visible import visible
from reliability.model.rating import Bar, Rating
from reliability.reasoning.sentences import FLAGS, left_out, paragraph, percent, said

_CELL = "text-align:left;vertical-align:middle;padding:.1em .6em"
_FIGURE = "text-align:right;padding:.1em .6em;font-variant-numeric:tabular-nums"
ALTERNATIVES = 6
BARS = 40


def rating_html(rating: Rating) -> str:
    """What a notebook shows of a rating: the claim, the paragraph, who said so, the waterfall as a table, flags.

    All text is escaped and its unseen characters are shown; colours are the notebook's own but for the bars'.
    """
    parts = [f"<strong>{_text(rating.claim.text)}</strong>", _line(paragraph(rating))]
    parts += [_line(one) for one in said(rating)]
    parts.append(_waterfall(rating))
    parts += [_line(f"{flag}: {FLAGS.get(flag, 'raised by a gate')}") for flag in rating.flags]
    parts.append(f"<details><summary>What would change it</summary>{''.join(map(_line, left_out(rating)))}</details>"
                 if rating.without else "")  # fmt: skip
    return f'<div style="max-width:52em;line-height:1.45">{"".join(parts)}</div>'


def _text(text: str) -> str:
    return escape(visible(text), quote=True)


def _line(text: str) -> str:
    return f"<div>{_text(text)}</div>"


def _waterfall(rating: Rating) -> str:
    most = max(1.0, *(abs(bar.db) for bar in rating.waterfall))
    rows = [_row(bar.label, bar.db, _after(bar), most) for bar in rating.waterfall[:BARS]]
    left = len(rating.waterfall) - BARS
    if left > 0:
        rows.append(f'<tr><td style="{_CELL}" colspan="4">and {left:,} more</td></tr>')
    rows.append(_row("together", rating.rating.weight_db, percent(rating.p), most))
    head = "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in ("part", "dB", "", "then"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(label: str, db: float, p: str, most: float) -> str:
    colour, width = ("#2f7fa8" if db >= 0 else "#c05a2c"), min(8.0, abs(db) / most * 8)
    bar = f'<div style="width:{width:.2f}em;height:.7em;background:{colour}"></div>'
    return (
        f'<tr><td style="{_CELL}">{_text(label)}</td><td style="{_FIGURE}">{db:+.2f}</td>'
        f'<td style="{_CELL}">{bar}</td><td style="{_FIGURE}">{_text(p)}</td></tr>'
    )


def _after(bar: Bar) -> str:
    if not isinstance(bar.p_after, tuple):
        return percent(bar.p_after)
    few = len(bar.p_after) <= ALTERNATIVES
    return " / ".join(map(percent, bar.p_after)) if few else f"{len(bar.p_after)} alternatives"
