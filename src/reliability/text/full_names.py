"""Persons' full names in an article, by each of their words: "Lind" is Anna Lind."""

from __future__ import annotations

from collections.abc import Mapping

from reliability.model.base import folded
from reliability.text.lexicon import Lexicon
from reliability.text.members import Member
from reliability.text.mentions import mention_of
from reliability.text.pipeline import Passages

_MOST = 200


class FullNames:
    """The full names that stand in an article, and where each first does."""

    def __init__(self, passages: Passages, lex: Lexicon) -> None:
        seen: dict[str, int] = {}
        for passage in passages:
            for ent in passage.doc.ents:
                if ent.label_ == "PERSON":
                    mention = mention_of(ent.root, lex)
                    if len(mention.name.split()) > 1:
                        seen.setdefault(mention.name, passage.start + ent.start_char)
        self._with: dict[str, list[tuple[int, str]]] = {}
        for name, at in seen.items():
            for word in {folded(w) for w in name.replace("-", " ").split()} | {folded(w) for w in name.split()}:
                self._with.setdefault(word, []).append((at, name))

    def __contains__(self, word: str) -> bool:
        """Whether a word is part of some full name."""
        return folded(word) in self._with

    def of(self, name: str, at: int, members: Mapping[str, Member]) -> str:
        """The longest name of which this one is a part; of several the latest begun before, else the first."""
        words = {folded(w) for w in name.split()}
        fulls = sorted({pair for word in words for pair in self._with.get(word, ())[:_MOST]})
        fitting = [
            (place, full)
            for place, full in fulls
            if words <= ({folded(w) for w in full.split()} | {folded(w) for w in full.replace("-", " ").split()})
            and (folded(full.split()[0]) in words or folded(full.split()[-1]) in words or len(words) > 1)
        ]
        if not fitting:
            return name
        if len(words) > 1:
            return max((full for _, full in fitting), key=lambda full: (len(full.split()), full))
        known = [members.get(folded(full)) for _, full in fitting]
        spoken = [(m.last, m.name) for m in known if m is not None and m.last >= 0]
        if spoken and len(fitting) > 1:
            return max(spoken)[1]
        before = [pair for pair in fitting if pair[0] <= at]
        return max(before)[1] if before else min(fitting)[1]
