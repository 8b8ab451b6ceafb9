"""A rating said in sentences: likelihood and confidence apart, as ICD 203 asks, the number beside the words."""

from __future__ import annotations

from typing import Any

from reliability.model.number import n_of
from reliability.model.rating import Node, Rating

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
    "unit-without-range": "no rule gives the unit's range, so the figure is rated as true or false as it stands",
    "figure-beyond-range": "a stated figure is larger than its unit is thought to reach, and tells nothing",
    "beyond-scale": "beyond what the scale's words reach",
    "interval-unreliable": "too few draws fit the evidence for an interval",
    "no-standing-report": "every report was taken back or superseded",
}

LEAST_SHARE = 0.01
NAMED = 4
APART = ("origin", "bloc", "crowd")
AGAINST_DB = 1.0
SETTLE = "settle for "


def percent(p: float) -> str:
    """A probability for people, to the whole percent unless it would read as certain."""
    shown = f"{p * 100:.0f}%"
    return f"{p * 100:.2f}%" if shown in ("0%", "100%") and p not in (0.0, 1.0) else shown


def likelihood(rating: Rating) -> str:
    """The rating in one sentence."""
    verdict = rating.rating
    if rating.quantity is not None:
        return _figure(rating, rating.quantity)
    span = ""
    if verdict.low is not None and verdict.high is not None:
        span = f" ({verdict.low * 100:.0f}–{verdict.high * 100:.0f}% if we knew the true reliabilities)"
    if not verdict.assessed:
        return f"Not assessed: the evidence weighs less than 1 dB; p stays at {percent(verdict.p)}{span}."
    return f"It {_worded(verdict.icd203)}, {percent(verdict.p)}{span}."


def _worded(word: str | None) -> str:
    """A scale's word after a subject: "is likely", "is a roughly even chance", "has almost no chance"."""
    if word is None or not word.endswith("chance"):
        return f"is {word or 'not assessed'}"
    return f"has {word}" if word.endswith("no chance") else f"is a {word}"


def as_stated(quantity: dict[str, Any]) -> str:
    """A figure as it was worded."""
    words = {"exact": "", "about": "about ", "at_least": "at least ", "more_than": "more than ", "at_most": "at most ",
             "less_than": "less than ", "between": "between "}  # fmt: skip
    high = f" and {quantity['stated_high']:,}" if quantity["op"] == "between" else ""
    return f"{words[quantity['op']]}{quantity['stated']:,}{high} {quantity['unit']}"


def people(value: float) -> str:
    """A number of a figure's readings to two significant digits."""
    return f"{float(f'{value:.2g}'):,.0f}"


def _figure(rating: Rating, quantity: dict[str, Any]) -> str:
    low, best, high = (people(quantity[end]) for end in ("low", "best", "high"))
    within = f"within a factor of {quantity['within']:g} of “{as_stated(quantity)}”"
    more = "".join(f" At least {one['value']:,}: {percent(one['p'])}." for one in quantity["at_least"])
    return (
        f"That the true number is {within} {_worded(rating.rating.icd203)}, {percent(rating.p)}. "
        f"Best estimate {best}, between {low} and {high} with 90%.{more}"
    )


def standing(rating: Rating) -> str:
    """Who stands behind it: how many independent origins, by name, and in how many outlets it was read."""
    counts = rating.counts
    said = {stance: list(dict.fromkeys(one.origin for one in rating.said_so if one.stance == stance))
            for stance in ("asserts", "denies")}  # fmt: skip
    told = [f"{verb} by {_names(said[stance])}"
            for stance, verb in (("asserts", "asserted"), ("denies", "denied")) if said[stance]]  # fmt: skip
    who = f": it is {' and '.join(told)}" if told else ""
    against = [bar.label for bar in rating.waterfall
               if bar.kind in APART and bar.db <= -AGAINST_DB and bar.label not in said["denies"]]  # fmt: skip
    other = f" Against it {'stands' if len(against) == 1 else 'stand'} {_names(against)}." if against else ""
    return (
        f"{n_of(counts.independent, 'independent origin speaks', 'independent origins speak')} to it, read in "
        f"{n_of(counts.outlets, 'outlet', 'outlets')}{who}.{other}"
    )


def unknown(rating: Rating) -> str | None:
    """How much of what rules ask nobody knows, and what it would help most to settle; None where all is known."""
    open_ = {(link.label, one.missing) for link in rating.links for one in link.undecided}
    if not open_:
        return None
    first = next((check["check"] for check in rating.next_checks if check["check"].startswith(SETTLE)), None)
    count = n_of(len(open_), "fact that rules ask for is", "facts that rules ask for are")
    return f"{count} not known" + (f"; what would tell most, of {first.removeprefix(SETTLE)}" if first else ".")


def elicited(rating: Rating) -> str:
    """What share of the weight rests on numbers that people were asked for."""
    return f"{percent(rating.rating.elicited_share)} of the weight rests on elicited numbers."


def paragraph(rating: Rating) -> str:
    """The rating in one paragraph: how likely, who, what is unknown, on what numbers; and, apart, how firm that is."""
    said_so = [likelihood(rating), standing(rating), unknown(rating), elicited(rating), firmness(rating)]
    return " ".join(one for one in said_so if one is not None)


def _names(names: list[str]) -> str:
    more = len(names) - NAMED
    return _listed(names if more <= 0 else [*names[:NAMED], f"{more:,} more"])


def firmness(rating: Rating) -> str:
    """Analytic confidence in a sentence of its own."""
    found = rating.rating.analytic_confidence
    return f"Analytic confidence is {found.level}: {'; '.join(found.reasons)}."


def said(rating: Rating) -> list[str]:
    """Did they say so: a sentence an origin and stance."""
    verb = {"asserts": "said so", "denies": "denied it"}
    return [f"{percent(one.p)} that {one.origin} {verb[one.stance]}." for one in rating.said_so]


def left_out(rating: Rating) -> list[str]:
    """What the rating would be without each part; a bloc with one member is one part."""
    below: dict[int, list[Node]] = {}
    for node in rating.tree:
        if node.parent is not None:
            below.setdefault(node.parent, []).append(node)
    member: dict[str, str] = {}
    for node in rating.tree:
        inner = node
        while inner.kind == "bloc" and len(below.get(inner.node, ())) == 1:
            (inner,) = below[inner.node]
        if node.kind == "bloc" and inner.kind == "origin":
            member[node.label] = inner.label
    only = set(member.values())
    found = []
    for one in rating.without:
        if one.kind == "origin" and one.label in only:
            continue
        label = f"{one.label} (only {member[one.label]})" if one.kind == "bloc" and one.label in member else one.label
        found.append(f"Without {label} this would be {percent(one.p)}, {one.icd203 or 'not assessed'}.")
    return found


def tipping(rating: Rating) -> list[str]:
    """How reliable each source is taken to be, where the rating would cross 50 %, and where its word would change."""
    found = []
    taken = "be right {} of the time at even odds" if rating.quantity is None else "know the figure {} of the time"
    for one in rating.tipping_points:
        even = ("no reliability of its own would bring the rating to 50%" if one.r_at_50 is None
                else f"at {percent(one.r_at_50)} the rating would be 50%")  # fmt: skip
        over = [f"“{edge.icd203}” {'above' if edge.r > one.r_now else 'below'} {percent(edge.r)}" for edge in one.words]
        words = f"; the word would be {_listed(over)}" if over else ""
        found.append(f"{one.source} is taken to {taken.format(percent(one.r_now))}; {even}{words}.")
    return found


def spread(rating: Rating) -> list[str]:
    """How finely the interval is known, and whose record would narrow it most."""
    if rating.interval is None:
        return []
    one = rating.interval
    found = [f"The interval's ends are known to within {_points(one.low_error)} and {_points(one.high_error)} points "
             f"(standard error over {one.points:,} points)."]  # fmt: skip
    shares = [f"{percent(share.share)} {share.source}" for share in one.shares if share.share >= LEAST_SHARE]
    if shares:
        most = [share.source for share in one.shares if share.share == one.shares[0].share]
        found.append(f"Of its spread, what is not known of one reliability by itself is: {_listed(shares)}. "
                     f"A better record of {_listed(most, 'or')} would narrow it most.")  # fmt: skip
    return found


def _points(error: float) -> str:
    return f"±{error * 100:.1f}"


def _listed(parts: list[str], word: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
