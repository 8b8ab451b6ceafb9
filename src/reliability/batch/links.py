"""Chains judged link by link: links repeat more than chains do, and what they are made of repeats more than links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter, ValidationError

from reliability import api
from reliability.batch.by_code import ByCode
from reliability.batch.interning import Codes, distinct
from reliability.batch.vetting import Mask
from reliability.io.reports import validated_link
from reliability.model.base import canonical_json
from reliability.model.report import MAX_LINKS, Name
from reliability.rules.policy import Policy

KEPT = 1 << 18
"""How many links are remembered at most before they are read anew."""

_NEW, _REFUSED = -2, -1
_ANYONE = "x"
_NAME = TypeAdapter[str](Name)
_REFUSALS = (ValidationError, ValueError, RecursionError)
_TEXTS = {str, type(None)}


@dataclass(frozen=True, slots=True)
class _Rest:
    """What a link says besides its source: its canonical JSON around that, and facts that no rule knows."""

    before: str
    after: str
    strange: tuple[str, ...]


@dataclass
class LinkJudge:
    """Judges links under a policy as those of reports are.

    A link's fields are judged one by one, so that of each distinct source, and of each distinct rest with anyone for
    a source, it is known once whether it may stand.
    """

    policy: Policy
    _numbering: object = None
    _source: ByCode = field(default_factory=lambda: ByCode(_NEW))
    """By a link's number the code of its source's main name, _REFUSED where it may not stand."""
    _text: dict[int, str] = field(default_factory=dict)
    """By a link's number its canonical JSON."""
    _strange: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)
    """Main names of sources, numbered."""
    _sources: dict[str, tuple[int, str]] = field(default_factory=dict)
    _rests: dict[Any, _Rest | None] = field(default_factory=dict)

    def renew(self, numbering: object) -> None:
        """Forget links that were told by numbers of another numbering, and all where there are too many."""
        many = max(len(self._text), len(self._sources), len(self._rests)) > KEPT
        if numbering is not self._numbering or many:
            self._source = ByCode(_NEW)
            self._text, self._strange, self._numbering = {}, {}, numbering
        if many:
            self._names, self._sources, self._rests = {}, {}, {}

    def chains(
        self, lengths: Codes, links: Codes, values: Callable[[Codes], Sequence[Any]]
    ) -> tuple[Mask, list[str], Mapping[int, tuple[str, ...]]]:
        """Which chains can stand, (n,), the canonical JSON of these, and by place in it the facts that no rule knows.

        `lengths` has how many of the numbers in `links` are each chain's; `values` gives what links of some numbers
        are, as JSON has it.
        """
        stands = (lengths > 0) & (lengths <= MAX_LINKS)
        chain = np.repeat(np.arange(len(lengths)), lengths)
        links, chain = links[stands[chain]], chain[stands[chain]]
        self._judge(links, values)
        sources = self._source.of(links)
        is_refused = sources == _REFUSED
        stands[chain[is_refused]] = False
        stands[_repeated(chain[~is_refused], sources[~is_refused])] = False
        kept = stands[chain]
        links, place = links[kept], (np.cumsum(stands) - 1)[chain[kept]]
        return stands, self._texts(lengths[stands], links), self._strange_in(links, place) if self._strange else {}

    def _texts(self, lengths: Codes, links: Codes) -> list[str]:
        """The canonical JSON of chains."""
        coded = pa.array(links).dictionary_encode()
        each = pa.array([self._text[link] for link in coded.dictionary.to_pylist()], type=pa.string())
        edges = pa.array(np.cumsum([0, *lengths]), type=pa.int32())
        joined = pc.binary_join(pa.ListArray.from_arrays(edges, each.take(coded.indices)), ",")
        texts: list[str] = pc.binary_join_element_wise("[", joined, "]", "").to_pylist()
        return texts

    def _strange_in(self, links: Codes, chain: Codes) -> Mapping[int, tuple[str, ...]]:
        names: dict[int, set[str]] = {}
        odd = np.isin(links, np.fromiter(self._strange, dtype=np.int64))
        for at, link in zip(chain[odd].tolist(), links[odd].tolist(), strict=True):
            names.setdefault(at, set()).update(self._strange[link])
        return {at: tuple(sorted(found)) for at, found in names.items()}

    def _judge(self, links: Codes, values: Callable[[Codes], Sequence[Any]]) -> None:
        """Judge those links that were not yet."""
        new = np.array(distinct(links[self._source.of(links) == _NEW]), dtype=np.int64)
        if not new.size:
            return
        found = [self._judged(*one) for one in zip(new.tolist(), values(new), strict=True)]
        self._source.put(new, np.array(found, dtype=np.int64))

    def _judged(self, number: int, value: Any) -> int:
        """The code of a link's source, _REFUSED where the link may not stand."""
        if not isinstance(value, dict) or not isinstance(source := value.get("source"), str):
            return _REFUSED
        try:
            code, spelled = self._source_of(source)
            rest = self._rest_of({name: one for name, one in value.items() if name != "source"})
        except _REFUSALS:
            return _REFUSED
        if rest is None:
            return _REFUSED
        self._text[number] = f"{rest.before}{spelled}{rest.after}"
        if rest.strange:
            self._strange[number] = rest.strange
        return code

    def _source_of(self, source: str) -> tuple[int, str]:
        """The code of a source's main name, and its own name as JSON. Raises one of _REFUSALS."""
        known = self._sources.get(source)
        if known is None:
            name = _NAME.validate_python(source, strict=True)
            main = self.policy.sources.canonical(name)
            known = self._sources[source] = self._names.setdefault(main, len(self._names)), canonical_json(name)
        return known

    def _rest_of(self, rest: Mapping[str, Any]) -> _Rest | None:
        """What a link says besides its source, None where it may not. Raises one of _REFUSALS."""
        key = tuple(rest.items()) if _TEXTS.issuperset(map(type, rest.values())) else repr(rest)
        if key not in self._rests:
            self._rests[key] = self._rest(rest)
        return self._rests[key]

    def _rest(self, rest: Mapping[str, Any]) -> _Rest | None:
        try:
            link = validated_link({**rest, "source": _ANYONE})
        except _REFUSALS:
            return None
        if api.link_problem(link, self.policy) is not None:
            return None
        said = link.model_dump(mode="json", exclude_none=True)
        before = canonical_json({name: one for name, one in said.items() if name < "source"})
        after = canonical_json({name: one for name, one in said.items() if name > "source"})
        strange = tuple(name for name in link.facts if name not in self.policy.facts)
        return _Rest(f'{before[:-1]},"source":', after[1:] if after == "{}" else f",{after[1:]}", strange)


def _repeated(chain: Codes, sources: Codes) -> Codes:
    """The chains in which a source stands twice."""
    both = np.sort((chain << 32) | sources)
    found: Codes = both[1:][both[1:] == both[:-1]] >> 32
    return found
