"""An editor's grouping: which reports belong to which claim, and which of them say the opposite."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import Field, model_validator

from reliability.errors import InputError
from reliability.model.base import Record, folded
from reliability.model.report import Name, Report, Text


class GroupedClaim(Record):
    """One claim as an editor wants it. Members are report ids, claim ids, or exact texts; `opposed` deny it."""

    id: Name
    text: Text | None = None
    members: tuple[Text, ...] = ()
    opposed: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _has_members(self) -> GroupedClaim:
        if not self.members and not self.opposed:
            raise ValueError("a claim needs `members` or `opposed`")
        return self


class Grouping(Record):
    """An editor's claims; `where` is the file that they come from, for messages."""

    claim: tuple[GroupedClaim, ...] = Field(min_length=1)
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """A grouping on given reports: new claims by index, the indices of opposed reports, and of those named singly.

    A report that is named by its id or text says what the editor says it does, whatever cues its words hold.
    """

    claims: dict[int, str] = field(default_factory=dict)
    opposed: frozenset[int] = frozenset()
    singly: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Member:
    """What a grouping lists, where, and how closely it names a report: 3 by its id, 2 its text, 1 its claim."""

    name: str
    place: str
    claim: str
    is_opposed: bool
    rank: int = 0


def edits_of(grouping: Grouping, reports: Sequence[Report], claims: Sequence[str | None]) -> Edits:
    """What a grouping changes. `claims` are the reports' claims so far, by index.

    A member is a report's id, else a claim's, else a text (compared folded). Where two members name one report, the
    closer one has it: its id before its text before its claim; so a report can be taken out of a claim that is merged.
    Raises InputError for a member that names nothing (with near names), one that is listed twice, two that name one
    report alike, two claims with one id, and an opposed claim in one without a text, which could then be either's.
    """
    names = _Names(reports, claims)
    best: dict[int, _Member] = {}
    listed: dict[str, str] = {}
    has_text = {one.id for one in grouping.claim if one.text is not None}
    for member in _members(grouping):
        if member.name in listed:
            problem = f"`{member.name}` is listed twice, in {listed[member.name]} too"
            raise InputError(grouping.where, key=member.place, problem=problem, remedy="keep one of them")
        listed[member.name] = member.place
        rank, found = names.find(member.name)
        if not found:
            problem = f"`{member.name}` is no report, claim or text here{names.near(member.name)}"
            remedy = "list ids as `reliability claims` shows them"
            raise InputError(grouping.where, key=member.place, problem=problem, remedy=remedy)
        if member.is_opposed and rank == 1 and member.claim not in has_text:
            problem = f"`{member.name}` is a claim that says the opposite, and `{member.claim}` has no `text`"
            raise InputError(grouping.where, key=member.place, problem=problem, remedy="give the claim its `text`")
        for at in found:
            other = best.get(at)
            if other is not None and other.rank == rank:
                problem = f"`{member.name}` names the report {reports[at].key}, as `{other.name}` in {other.place} does"
                raise InputError(grouping.where, key=member.place, problem=problem, remedy="keep one of them")
            if other is None or other.rank < rank:
                best[at] = _Member(member.name, member.place, member.claim, member.is_opposed, rank)
    return Edits(
        {at: member.claim for at, member in best.items()},
        frozenset(at for at, member in best.items() if member.is_opposed),
        frozenset(at for at, member in best.items() if member.rank > 1),
    )


def opposed_by_name(grouping: Grouping, reports: Sequence[Report]) -> frozenset[int]:
    """Indices of the reports that a grouping lists as opposed by id or text, once it is applied."""
    names = _Names(reports, [None] * len(reports))
    best: dict[int, tuple[int, bool]] = {}
    for member in _members(grouping):
        rank, found = names.find(member.name)
        for at in found:
            best[at] = max(best.get(at, (0, False)), (rank, member.is_opposed))
    return frozenset(at for at, (_, is_opposed) in best.items() if is_opposed)


def _members(grouping: Grouping) -> Iterator[_Member]:
    first: dict[str, int] = {}
    for at, claim in enumerate(grouping.claim):
        if first.setdefault(claim.id, at) != at:
            problem = f"`{claim.id}` is the id of claim[{first[claim.id]}] too"
            raise InputError(
                grouping.where, key=f"claim[{at}].id", problem=problem, remedy="put their members together"
            )
        for name in claim.members:
            yield _Member(name, f"claim[{at}].members", claim.id, is_opposed=False)
        for name in claim.opposed:
            yield _Member(name, f"claim[{at}].opposed", claim.id, is_opposed=True)


class _Names:
    """What a member may name: reports by id, claim and text."""

    def __init__(self, reports: Sequence[Report], claims: Sequence[str | None]) -> None:
        self._by_id: dict[str, list[int]] = defaultdict(list)
        self._by_claim: dict[str, list[int]] = defaultdict(list)
        self._by_text: dict[str, list[int]] = defaultdict(list)
        self._texts: dict[str, str] = {}
        for at, (report, claim) in enumerate(zip(reports, claims, strict=True)):
            self._by_id[report.key].append(at)
            if claim is not None:
                self._by_claim[claim].append(at)
            if report.text is not None:
                self._by_text[folded(report.text)].append(at)
                self._texts[folded(report.text)] = report.text

    def find(self, name: str) -> tuple[int, list[int]]:
        """How closely a name names reports, and their indices: none when nothing is called so."""
        if name in self._by_id:
            return 3, self._by_id[name]
        if name in self._by_claim:
            return 1, self._by_claim[name]
        return 2, self._by_text.get(folded(name), [])

    def near(self, name: str) -> str:
        """ "; did you mean …?" with what is called nearly so, or nothing."""
        ids = difflib.get_close_matches(name, sorted({*self._by_id, *self._by_claim}), n=2, cutoff=0.6)
        texts = difflib.get_close_matches(folded(name), sorted(self._texts), n=1, cutoff=0.6)
        close = [f"`{one}`" for one in [*ids, *(self._texts[text] for text in texts)]]
        return f"; did you mean {' or '.join(close)}?" if close else ""
