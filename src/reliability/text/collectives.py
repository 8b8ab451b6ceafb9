"""A collective ("the defectors") that says what a named member says too is no origin of its own."""

from __future__ import annotations

from reliability.model.report import Report
from reliability.text.members import Member
from reliability.text.own_voice import Said


class Collectives:
    """Remembers what named sources of each type said in an article, and which reports are a collective's."""

    def __init__(self) -> None:
        self._by_type: dict[str, Said] = {}
        self._plural: set[int] = set()

    def add(self, member: Member | None, report: Report) -> None:
        """One more attributed report, of a member of the article's cast."""
        if member is None or len(report.provenance) < 2:
            return
        kind = report.provenance[0].type or ""
        if member.named and not member.plural:
            self._by_type.setdefault(kind, Said()).add(report.text or "")
        elif member.plural:
            self._plural.add(id(report))

    def repeats(self, report: Report) -> bool:
        """Whether a report is a collective's and a named source of its type says nearly the same."""
        named = self._by_type.get(report.provenance[0].type or "")
        return id(report) in self._plural and named is not None and named.restates(report.text or "")
