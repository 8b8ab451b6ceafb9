"""What chains say, each distinct one read once: its canonical form, or that rows with it must be judged one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from reliability import api
from reliability.batch.by_code import ByCode
from reliability.batch.interning import NULL, Codes, distinct
from reliability.batch.links import LinkJudge
from reliability.batch.raw import RawBatch, Unreadable
from reliability.batch.short_chains import ShortChains, keys_of
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
    strange: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Of texts with such, by code, what no rule knows: facts of links, the unit of a figure."""
    _code: defaultdict[str, int] = field(default_factory=lambda: defaultdict(count().__next__))
    _known: ByCode = field(default_factory=lambda: ByCode(NEW))
    _numbering: object = None
    _short: ShortChains = field(default_factory=ShortChains)
    _links: LinkJudge = field(init=False)

    def __post_init__(self) -> None:
        self._links = LinkJudge(self.policy)

    def codes(self, batch: RawBatch) -> NDArray[np.int64]:
        """The code of each row's value, (n,): NOTHING for null, JUDGE where the row must be read by itself."""
        if batch.renewed is not self._numbering:
            self._known, self._numbering = ByCode(NEW), batch.renewed
            self._known.put(np.array([NULL]), np.array([NOTHING]))
        given: Codes = batch.nested[self.name]
        found = self._known.of(given)
        if (fresh := given[found == NEW]).size:
            codes = np.array(distinct(fresh), dtype=np.int64)
            self._known.put(codes, self._read(batch, codes))
            found = self._known.of(given)
        return found

    def _read(self, batch: RawBatch, codes: Codes) -> Codes:
        """What becomes of values; of chains link by link where the batch has their links."""
        if self.name != "provenance":
            return np.array([self._taken(batch.value(self.name, code), batch.flat) for code in codes.tolist()])
        if self._links.renew(batch.numbering) or len(self._short) > KEPT:
            self._short = ShortChains()
        lengths, links = batch.links(codes)
        keys = keys_of(lengths, links)
        found = self._short.of(keys, NEW)
        new = found == NEW
        lengths, links = lengths[new], links[np.repeat(new, lengths)]
        stands, texts, strange = self._links.chains(lengths, links, batch.link_parts, batch.link)
        codes, judged = codes[new], np.zeros(len(lengths), dtype=np.int64)
        judged[stands] = self._coded(texts, strange)
        judged[~stands] = [self._taken(batch.value(self.name, code), batch.flat) for code in codes[~stands].tolist()]
        found[new] = judged
        self._short.put(keys[new], judged)
        return found

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

    def _coded(self, texts: Sequence[str], strange: Mapping[int, tuple[str, ...]]) -> Codes:
        """The code of each of some texts, (n,), as `code` gives it; `strange` by place."""
        if len(self.texts) + len(texts) > self.most:
            return np.array([self.code(text, strange.get(at, ())) for at, text in enumerate(texts)], dtype=np.int64)
        found = np.fromiter(map(self._code.__getitem__, texts), dtype=np.int64, count=len(texts))
        self.texts += reversed(list(islice(reversed(self._code), len(self._code) - len(self.texts))))
        self.strange.update({int(found[at]): names for at, names in strange.items()})
        return found

    def code(self, text: str, strange: tuple[str, ...] = ()) -> int:
        """The code of a canonical text, taken in where there is room, else JUDGE."""
        if text not in self._code and len(self.texts) >= self.most:
            return JUDGE
        code = self._code[text]
        if code == len(self.texts):
            self.texts.append(text)
            if strange:
                self.strange[code] = strange
        return code
