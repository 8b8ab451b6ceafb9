"""A rating said in sentences: likelihood and confidence apart, as ICD 203 asks, the number beside the words."""

from __future__ import annotations

from reliability.model.rating import Rating

FLAGS = {
    "single-source": "one independent origin only",
    "single-outlet": "read in one outlet only",
    "contested": "sources speak for it and against it",
    "hearsay-only": "nobody is known to have seen it",
    "superseded": "an origin said otherwise earlier; its latest word counts",
    "stale": "its newest report is old",
    "worse-than-chance": "a source's record is no better than chance, and weighs nothing",
    "unknown-outlet": "an outlet of unknown type carries it",
    "unknown-hedge": "hedging words that no rule knows",
    "inconsistent-link": "reports describe one link differently; the latest counts",
    "beyond-scale": "beyond what the scale's words reach",
    "interval-unreliable": "too few draws fit the evidence for an interval",
    "no-standing-report": "every report was taken back or superseded",
}


def percent(p: float) -> str:
    """A probability for people, to the whole percent unless it would read as certain."""
    shown = f"{p * 100:.0f}%"
    return f"{p * 100:.2f}%" if shown in ("0%", "100%") and p not in (0.0, 1.0) else shown


def likelihood(rating: Rating) -> str:
    """The rating in one sentence."""
    verdict = rating.rating
    span = ""
    if verdict.low is not None and verdict.high is not None:
        span = f" ({verdict.low * 100:.0f}–{verdict.high * 100:.0f}% if we knew the true reliabilities)"
    if not verdict.assessed:
        return f"Not assessed: the evidence weighs less than 1 dB; p stays at {percent(verdict.p)}{span}."
    return f"It is {verdict.icd203}, {percent(verdict.p)}{span}."


def firmness(rating: Rating) -> str:
    """Analytic confidence in a sentence of its own."""
    found = rating.rating.analytic_confidence
    return f"Analytic confidence is {found.level}: {'; '.join(found.reasons)}."


def said(rating: Rating) -> list[str]:
    """Did they say so: a sentence an origin and stance."""
    verb = {"asserts": "said so", "denies": "denied it"}
    return [f"{percent(one.p)} that {one.origin} {verb[one.stance]}." for one in rating.said_so]


def left_out(rating: Rating) -> list[str]:
    """What the rating would be without each part."""
    return [
        f"Without {one.label} this would be {percent(one.p)}, {one.icd203 or 'not assessed'}." for one in rating.without
    ]


def tipping(rating: Rating) -> list[str]:
    """How reliable each source is taken to be, and where the rating would cross 50 %."""
    return [
        f"{one.source} is taken to be right {percent(one.r_now)} of the time at even odds; "
        + ("no reliability of its own would bring the rating to 50%." if one.r_at_50 is None
           else f"at {percent(one.r_at_50)} the rating would be 50%.")
        for one in rating.tipping_points
    ]  # fmt: skip
