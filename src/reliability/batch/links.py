"""Chains judged link by link: links repeat more than chains do, and what they are made of repeats more than links."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
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
    _mains: dict[str, int] = field(default_factory=dict)
    """By a source's name the code of its main name, _REFUSED for what is no name."""
    _spelled: dict[str, str] = field(default_factory=dict)
    """By a source's name this as JSON."""
    _rests: dict[Hashable, _Rest | None] = field(default_factory=dict)

    def renew(self, numbering: object) -> bool:
        """Forget links that were told by numbers of another numbering, and all where there are too many.

        Whether they were forgotten.
        """
        many = max(len(self._text), len(self._mains), len(self._rests)) > KEPT
        if many:
            self._names, self._mains, self._spelled, self._rests = {}, {}, {}, {}
        if not many and numbering is self._numbering:
            return False
        self._source, self._text, self._strange, self._numbering = ByCode(_NEW), {}, {}, numbering
        return True

    def chains(
        self, lengths: Codes, links: Codes, parts: Callable[[int], tuple[Any, Hashable]], read: Callable[[int], Any]
    ) -> tuple[Mask, list[str], Mapping[int, tuple[str, ...]]]:
        """Which chains can stand, (n,), the canonical JSON of these, and by place in it the facts that no rule knows.

        `lengths` has how many of the numbers in `links` are each chain's; `parts` gives a link's source and what its
        rest can be known by, `read` the whole as JSON has it.
        """
        stands = (lengths > 0) & (lengths <= MAX_LINKS)
        chain = np.repeat(np.arange(len(lengths)), lengths)
        links, chain = links[stands[chain]], chain[stands[chain]]
        self._judge(links, parts, read)
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
        each = pa.array(list(map(self._text.__getitem__, coded.dictionary.to_pylist())), type=pa.string())
        edges = pa.array(np.append(0, np.cumsum(lengths)), type=pa.int32())
        joined = pc.binary_join(pa.ListArray.from_arrays(edges, each.take(coded.indices)), ",")
        texts: list[str] = pc.binary_join_element_wise("[", joined, "]", "").to_pylist()
        return texts

    def _strange_in(self, links: Codes, chain: Codes) -> Mapping[int, tuple[str, ...]]:
        names: dict[int, set[str]] = {}
        odd = np.isin(links, np.fromiter(self._strange, dtype=np.int64))
        for at, link in zip(chain[odd].tolist(), links[odd].tolist(), strict=True):
            names.setdefault(at, set()).update(self._strange[link])
        return {at: tuple(sorted(found)) for at, found in names.items()}

    def _judge(self, links: Codes, parts: Callable[[int], tuple[Any, Hashable]], read: Callable[[int], Any]) -> None:
        """Judge those links that were not yet."""
        new = distinct(links[self._source.of(links) == _NEW])
        found = []
        for number in new:
            source, key = parts(number)
            if key not in self._rests:
                self._rests[key] = self._rest(read(number))
            rest, main = self._rests[key], self._main(source)
            found.append(_REFUSED if rest is None else main)
            if rest is not None and main != _REFUSED:
                self._text[number] = f"{rest.before}{self._spelled[source]}{rest.after}"
                if rest.strange:
                    self._strange[number] = rest.strange
        self._source.put(np.array(new, dtype=np.int64), np.array(found, dtype=np.int64))

    def _main(self, source: Any) -> int:
        """The code of a source's main name, _REFUSED for what is no name."""
        if not isinstance(source, str):
            return _REFUSED
        found = self._mains.get(source)
        if found is None:
            found = self._mains[source] = self._judged(source)
        return found

    def _judged(self, source: str) -> int:
        try:
            name = _NAME.validate_python(source, strict=True)
        except ValidationError:
            return _REFUSED
        self._spelled[source] = canonical_json(name)
        return self._names.setdefault(self.policy.sources.canonical(name), len(self._names))

    def _rest(self, value: Any) -> _Rest | None:
        """What a link says besides its source, None where it may not."""
        if not isinstance(value, dict):
            return None
        try:
            link = validated_link({**value, "source": _ANYONE})
        except (ValidationError, ValueError, RecursionError):
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
