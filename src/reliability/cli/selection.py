"""Which claim is meant: an id, the beginning of one, or the text."""

from __future__ import annotations

from reliability.api import Outcome
from reliability.cli.reading import Read, Request, rate, read
from reliability.errors import UsageError
from reliability.io.visible import visible
from reliability.model.base import folded
from reliability.model.rating import Rating


def rated(claim: str, request: Request) -> tuple[Read, Outcome, Rating]:
    """Read and rate all that a request names: what was read, the ratings, and the one that is asked for."""
    found = read(request)
    outcome = rate(found, request)
    return found, outcome, chosen_claim(claim, outcome)


def chosen_claim(name: str, outcome: Outcome) -> Rating:
    """The rating of one claim.

    Raises UsageError, with the nearest claims, where no claim or more than one is meant, or where the claim is of a
    kind that is not rated.
    """
    ratings = outcome.ratings
    exact = [one for one in ratings if one.claim.id == name]
    found = exact or [one for one in ratings if one.claim.id.startswith(name)]
    found = found or [one for one in ratings if folded(one.claim.text) == folded(name)]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        ids = ", ".join(one.claim.id for one in found[:6])
        raise UsageError(name, problem=f"could be {len(found)} claims ({ids}…)", remedy="give more of the id")
    other = next((r for r in outcome.unrated if name in (r.claim, r.key)), None)
    if other is not None:
        raise UsageError(
            name, problem=f"is a {other.kind}, which is neither true nor false", remedy="ask for a statement"
        )
    holding = [one for one in ratings if folded(name) in folded(one.claim.text)]
    near = holding[:5] or list(ratings[:5])
    listed = "; ".join(f"{one.claim.id} ({visible(one.claim.text[:60])})" for one in near)
    raise UsageError(name, problem="no such claim", remedy=f"`rate` lists the ids; there are: {listed or 'none'}")
