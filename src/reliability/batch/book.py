"""What chains say, each distinct one read once: its canonical form, or that rows with it must be judged one by one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from reliability import api
from reliability.batch.interning import NULL, Codes, distinct
from reliability.batch.links import LinkJudge
from reliability.batch.raw import RawBatch, Unreadable
from reliability.io.reports import validated
from reliability.model.base import canonical_json
from reliability.rules.policy import Policy

JUDGE = -2
"""The code of a nested value that a row must be judged by itself for."""
NEW = -3
NOTHING = -1
"""The code of null."""
KEPT = 1 << 18
"""How many distinct raw values are remembered at most before they are read anew."""


@dataclass
class Book:
    """Canonical texts of one nested field, numbered as they come; `codes` translates a batch's own codes.

    Past `most` texts no new ones are taken in: `codes` then gives JUDGE, and rows carry their text themselves.
    """

    name: str
    policy: Policy
    most: int = 1 << 20
    texts: list[str] = field(default_factory=list)
    strange: list[tuple[str, ...]] = field(default_factory=list)
    """Of each text, what no rule knows: facts of links, the unit of a figure."""
    _code: dict[str, int] = field(default_factory=dict)
    _known: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _numbering: object = None
    _links: LinkJudge = field(init=False)

    def __post_init__(self) -> None:
        self._links = LinkJudge(self.policy)

    def codes(self, batch: RawBatch) -> NDArray[np.int64]:
        """The code of each row's value, (n,): NOTHING for null, JUDGE where the row must be read by itself."""
        if batch.renewed is not self._numbering:
            self._known = np.zeros(0, dtype=np.int64)
            self._numbering = batch.renewed
        given: Codes = batch.nested[self.name]
        most = int(given.max(initial=0)) + 1
        if most > len(self._known):
            self._known = np.concatenate([self._known, np.full(2 * most - len(self._known), NEW, dtype=np.int64)])
        self._known[NULL] = NOTHING
        found = self._known[given]
        if (fresh := given[found == NEW]).size:
            codes = distinct(fresh)
            self._known[codes] = self._chains(batch, codes) if self.name == "provenance" else [
                self._taken(batch.value(self.name, code), batch.flat) for code in codes]  # fmt: skip
            found = self._known[given]
        return found

    def _chains(self, batch: RawBatch, codes: Sequence[int]) -> list[int]:
        """What becomes of chains, link by link where the batch has their links."""
        self._links.renew(batch.renewed)
        return [self._chain(batch, code, keys) for code, keys in zip(codes, batch.links(codes), strict=True)]

    def _chain(self, batch: RawBatch, code: int, keys: Sequence[Hashable] | None) -> int:
        if keys is None:
            return self._taken(batch.value(self.name, code), batch.flat)
        found = self._links.chain(keys, batch.link)
        return JUDGE if found is None else self.code(*found)

    def _taken(self, value: Any, flat: bool) -> int:
        if isinstance(value, Unreadable):
            return JUDGE
        if value is None:
            return NOTHING
        chain = {"provenance": [{"source": "x"}]} if self.name != "provenance" else {}
        fields = value if flat and self.name == "provenance" else {self.name: value}
        try:
            report = validated({"claim": "x", **chain, **fields}, flat=flat and not chain)
        except (ValidationError, ValueError, RecursionError):
            return JUDGE
        if api.report_problem(report, self.policy) is not None:
            return JUDGE
        seen = api.unknown_units if self.name == "quantity" else api.unknown_facts
        return self.code(canonical_json(report.content[self.name]), tuple(sorted(seen([report], self.policy))))

    def code(self, text: str, strange: tuple[str, ...] = ()) -> int:
        """The code of a canonical text, taken in where there is room, else JUDGE."""
        code = self._code.get(text)
        if code is None:
            if len(self.texts) >= self.most:
                return JUDGE
            code = self._code[text] = len(self.texts)
            self.texts.append(text)
            self.strange.append(strange)
        return code
