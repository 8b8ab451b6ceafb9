"""Chains judged link by link: links repeat more than chains do, and each distinct one is read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from reliability import api
from reliability.io.reports import validated_link
from reliability.model.base import canonical_json
from reliability.model.report import MAX_LINKS
from reliability.rules.policy import Policy

KEPT = 1 << 18
"""How many links are remembered at most before they are read anew."""


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """A link that may stand in a chain: its canonical JSON, its source's main name, and facts that no rule knows."""

    text: str
    source: str
    strange: tuple[str, ...]


@dataclass
class LinkJudge:
    """Judges links under a policy as those of reports are."""

    policy: Policy
    _known: dict[Hashable, JudgedLink | None] = field(default_factory=dict)
    _numbering: object = None

    def renew(self, numbering: object) -> None:
        """Forget links that were told by keys of another numbering, and all where there are too many."""
        if numbering is not self._numbering or len(self._known) > KEPT:
            self._known.clear()
            self._numbering = numbering

    def chain(self, keys: Sequence[Hashable], read: Callable[[Hashable], Any]) -> tuple[str, tuple[str, ...]] | None:
        """The canonical JSON of the chain of some links, and facts in it that no rule knows.

        None where it can't stand: the row is then read by itself, for the reason. `read` gives the link of a key as
        JSON has it.
        """
        known = self._known
        links: list[JudgedLink] = []
        for key in keys:
            if key not in known:
                known[key] = self._judged(read(key))
            link = known[key]
            if link is None:
                return None
            links.append(link)
        if not 0 < len(links) <= MAX_LINKS or len({link.source for link in links}) < len(links):  # none, or a cycle
            return None
        strange = tuple(sorted({name for link in links for name in link.strange}))
        return f"[{','.join([link.text for link in links])}]", strange

    def _judged(self, value: Any) -> JudgedLink | None:
        try:
            link = validated_link(value)
        except (ValidationError, ValueError, RecursionError):
            return None
        if api.link_problem(link, self.policy) is not None:
            return None
        strange = tuple(name for name in link.facts if name not in self.policy.facts)
        text = canonical_json(link.model_dump(mode="json", exclude_none=True))
        return JudgedLink(text, self.policy.sources.canonical(link.source), strange)
