"""Decisions of people: a claim's label, a merge, a source's type, a claim settled; entries like any other."""

from __future__ import annotations

from datetime import datetime

from reliability.ledger.chain import Placed
from reliability.ledger.details import Decision, as_content
from reliability.ledger.entry import Draft, Overridden, Override, moment
from reliability.ledger.store import Ledger


def record_override(
    ledger: Ledger, what: Overridden, decision: Decision, *, at: datetime, by: str, about: int | None = None
) -> Placed:  # fmt: skip
    """Adds what a person decided: who, when, the old value, the new one, and why. On disk when it returns.

    `about` is the number of the entry that it is about, where it is about one.
    """
    with ledger.writing() as writing:
        writing.put("override", as_content(decision))
        override = Override(what=what, about=about)
        return ledger.append(Draft(at=moment(at), kind="override", by=by, override=override), writing)
