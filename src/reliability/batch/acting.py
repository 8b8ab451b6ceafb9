"""Which rules set or shift a link's numbers: what the ledger finds a run by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from reliability.model.rating import Rating
from reliability.rules.policy import Policy
from reliability.scoring.score import Weighed


def acting_in_columns(weighed: Weighed, policy: Policy) -> Iterator[str]:
    """The ids of modifiers and relay rules that act on any link of weighed claims; an id may come twice."""
    links, relays = weighed.links, weighed.parameters.relays
    for setters in (links.p_by, links.guess_by):
        yield from (policy.modifiers[at].id for at in np.unique(setters).tolist() if at >= 0)
    yield from (policy.relays[at].id for at in np.unique(relays.set_by).tolist())
    for rule in policy.modifiers:
        if rule.effect[0].shift_db is not None and links.outcomes[rule.id].yes.any():
            yield rule.id
    for relay in policy.relays:
        if relay.effect[0].factor is not None and relays.outcomes[relay.id].yes.any():
            yield relay.id


def acting_in_records(ratings: Iterable[Rating]) -> Iterator[str]:
    """The same of rating records, where rules on figures stand too."""
    for rating in ratings:
        for link in rating.links:
            yield from (*link.set_by, *(shift.rule for shift in link.shifts))
