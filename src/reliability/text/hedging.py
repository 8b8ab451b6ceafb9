"""The hedging words of a clause, among those that the policy's hedge rules know."""

from __future__ import annotations

import re
from typing import Any

from reliability.rules.policy import Policy

Token = Any
_APART = ("advcl", "relcl", "acl", "ccomp", "pcomp", "appos", "parataxis")


class Hedges:
    """Finds the policy's hedge terms in the main part of a clause."""

    def __init__(self, policy: Policy, language: str = "en") -> None:
        terms = sorted(
            {term.casefold() for hedge in policy.hedges if hedge.language == language for term in hedge.terms},
            key=lambda term: (-len(term), term),
        )
        self._pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, terms)) + r")(?!\w)") if terms else None

    def of_clause(self, root: Token | None) -> str | None:
        """The first hedge of a clause, in its own words; clauses inside it hedge for themselves. None without."""
        if root is None or self._pattern is None:
            return None
        stack, kept = [root], []
        while stack:
            token = stack.pop()
            if token.pos_ != "PROPN":
                kept.append(token)
            stack.extend(c for c in token.children if c.dep_ not in _APART and c.dep_ != "conj")
        kept.sort(key=lambda t: int(t.i))
        found = self._pattern.search(" ".join(t.text.casefold() for t in kept))
        return found.group() if found else None
