"""Figures as every view prints them: the record's, formatted by the same helper, never computed."""

from __future__ import annotations

from reliability.model.rating import Bar, Chain, Rating, Verdict
from reliability.reasoning.sentences import people, percent

FEW = 6
"""So many alternatives are listed on one line; of more, only the claim's own."""


def span(verdict: Verdict) -> str:
    """The interval as the table has it, a dash where there is none."""
    if verdict.low is None or verdict.high is None:
        return "–"
    return f"{verdict.low * 100:.0f}–{verdict.high * 100:.0f}"


def figure(rating: Rating) -> str | None:
    """A figure's best, low and high for people, as the table has them; None for a claim without one."""
    if rating.quantity is None:
        return None
    best, low, high = (people(rating.quantity[end]) for end in ("best", "low", "high"))
    return f"{best} ({low}–{high})"


def qualification(rating: Rating) -> str:
    """What stands after p: its low–high, or, of a figure, the factor within which it is rated."""
    return f"({span(rating.rating)})" if rating.quantity is None else f"×{rating.quantity['within']:g}"


def probability(rating: Rating) -> str:
    """p with low–high, as the table has it; of a figure that it is right as stated, and the figure's low–high."""
    told = figure(rating)
    return f"{percent(rating.p)} {qualification(rating)}" + (f" {told}" if told else "")


def word(verdict: Verdict) -> str:
    """ICD 203's words, or that the claim is not assessed."""
    return verdict.icd203 or "not assessed"


def decibans(db: float) -> str:
    """Decibans with their sign, to the hundredth, as the record rounds them."""
    return f"{db:+.2f}".replace("-", "−")


def own_answer(rating: Rating) -> int | None:
    """The place of a claim among its question's alternatives; None for plain claims and where it can't be told."""
    names = rating.alternatives
    if names is None:
        return None
    named = [i for i, name in enumerate(names) if rating.claim.id == f"{rating.claim.question}={name}"]
    last = rating.waterfall[-1].p_after
    if not named and isinstance(last, tuple):
        named = [i for i, p in enumerate(last) if p == rating.p]
    return named[0] if len(named) == 1 else None


def probabilities(p: float | tuple[float, ...] | None, own: int | None) -> str:
    """A probability; of several alternatives the claim's own, or all when they are few and it can't be told."""
    if p is None:
        return "–"
    if not isinstance(p, tuple):
        return percent(p)
    if own is not None:
        return percent(p[own])
    return " / ".join(map(percent, p)) if len(p) <= FEW else f"{len(p)} alternatives"


def after(bar: Bar, own: int | None) -> str:
    """The probability once a bar is added."""
    return probabilities(bar.p_after, own)


def standing(rating: Rating) -> list[Chain]:
    """The chains that count, one a provenance, in order."""
    seen: dict[tuple[str, ...], Chain] = {}
    for chain in rating.chains:
        if chain.standing == "counts":
            seen.setdefault(chain.links, chain)
    return list(seen.values())


def origins(rating: Rating) -> list[str]:
    """The origins of the chains that count, each with its type."""
    found = []
    for chain in standing(rating):
        name, _, kind = chain.links[chain.counted_from].rpartition(" [")
        found.append(f"{name} [{kind.rstrip(']').split(',')[0]}]")
    return list(dict.fromkeys(found))
