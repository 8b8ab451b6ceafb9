"""Through whom an article's text came to its outlet: the agency it credits, or whoever had the same words first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from reliability.model.article import Article
from reliability.model.report import Link
from reliability.rules.policy import Policy

if TYPE_CHECKING:
    from reliability.text.copies import Copy, Range


@dataclass(frozen=True)
class Passed:
    """A relay before an article's outlet: for the whole text, or for `places` that were copied."""

    link: Link
    places: tuple[Range, ...] | None = None

    def holds(self, at: int) -> bool:
        """Whether what stands at a place of the text came this way."""
        return self.places is None or any(start <= at < end for start, end in self.places)


@dataclass(frozen=True)
class Syndicated:
    """What several articles share: the copies that were found, and each article's relays by its id."""

    copies: tuple[Copy, ...] = ()
    relays: dict[str, tuple[Passed, ...]] = field(default_factory=dict)

    def told(self) -> list[str]:
        """A line for each copy: how much of it stands in which earlier article, and who passed it on."""
        return [f"{article}: {evidence}" for article, evidence in self.evidence.items()]

    @cached_property
    def evidence(self) -> dict[str, str]:
        """For each copy, by its article: how much of it stands in which earlier one, and who passed it on."""
        found = {}
        for copy in self.copies:
            passed = self.relays.get(copy.article, ())
            whose = (
                f"read as passed on by {passed[0].link.source}" if passed else "nobody is known to have passed it on"
            )
            shared = f"{copy.n_words:,} words ({copy.share:.0%}) stand in {copy.first} too, which was first"
            found[copy.article] = f"{shared}: {whose}"
        return found


def syndicated(articles: Sequence[Article], policy: Policy) -> Syndicated:
    """Which articles are copies, and through whom each text came.

    A copy hangs under the wire agency that it, the first article or another copy of that one credits; else under the
    first one's outlet. Where only a copy credits the agency, the first article, when at least half of it is the same,
    hangs under it too. A first article without publisher relays nothing.
    """
    from reliability.text.chains import outlet_of
    from reliability.text.copies import copies
    from reliability.text.credits import credited

    by_id = {article.id: article for article in articles}
    found = copies(articles, lambda article: outlet_of(article, policy).type == "wire-agency")
    credits = {article.id: link for article in articles if (link := credited(article, policy)) is not None}
    first = {copy.article: copy for copy in found}
    relays: dict[str, tuple[Passed, ...]] = {name: (Passed(link),) for name, link in credits.items()}
    members: dict[str, list[Copy]] = {}
    for copy in found:
        members.setdefault(_root(copy, first), []).append(copy)
    for root, group in sorted(members.items()):
        outlet = outlet_of(by_id[root], policy)
        named = [credits[name] for name in (root, *(copy.article for copy in group)) if name in credits]
        wire = outlet if outlet.type == "wire-agency" else next((k for k in named if k.type == "wire-agency"), None)
        through = wire or credits.get(root) or (outlet if by_id[root].publisher is not None else None)
        if through is None:
            continue
        for copy in group:
            relays.setdefault(copy.article, (Passed(through, copy.places),))
        if wire is not None and wire is not outlet and any(copy.share >= 0.5 for copy in group):
            relays.setdefault(root, (Passed(wire),))
    return Syndicated(tuple(found), relays)


def _root(copy: Copy, first: dict[str, Copy]) -> str:
    """The article that a copy goes back to in the end."""
    seen = {copy.article}
    name = copy.first
    while name in first and name not in seen:
        seen.add(name)
        name = first[name].first
    return name
