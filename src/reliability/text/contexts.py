"""Whether equal short sentences of several articles are on one matter: by the names that the articles share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from reliability.model.report import Report
from reliability.text.countries import countries
from reliability.text.number_words import MONTHS, WEEKDAYS

_NAME = re.compile(r"[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*")
_NO_NAMES = frozenset(map(str.casefold, (*MONTHS, *WEEKDAYS))) | {"the", "a", "an", "i", "mr", "mrs", "ms", "dr"}


def names(text: str) -> frozenset[str]:
    """Words of a text that are written as names, casefolded, and the countries that it names; none of time.

    A single capital letter at the start is that of a sentence, unless the whole word is in capitals.
    """
    found = {name.casefold() for name in countries(text)}
    for match in _NAME.finditer(text):
        words = match.group().split()
        if match.start() == 0 and len(words) == 1 and not (words[0].isupper() and len(words[0]) > 1):
            continue
        found.update(re.sub(r"['’]s$", "", word.casefold()) for word in words)
    return frozenset(found - _NO_NAMES)


def contexts(reports: Sequence[Report]) -> Mapping[str, frozenset[str]]:
    """The names in each article's reports: in their texts, and of all who speak but the outlet."""
    found: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.article is not None:
            found[report.article] |= names(report.text or "")
            for link in report.provenance[:-1]:
                found[report.article] |= names(link.source)
    return {article: frozenset(all_names) for article, all_names in found.items()}


def by_context(group: list[int], reports: Sequence[Report], named: Mapping[str, frozenset[str]]) -> Iterator[list[int]]:
    """A group's reports in parts, an article in one part, whose articles share a name with half of the others or more.

    Articles without any name, and reports of none, stay with the rest when that is one part, and are a part of their
    own when it is several. Articles are taken by id. Time grows with the articles and their names.
    """
    articles: dict[str, list[int]] = defaultdict(list)
    for at in group:
        articles[reports[at].article or ""].append(at)
    if len(articles) == 1:
        yield sorted(group)
        return
    parts: list[list[int]] = []
    sizes: list[int] = []
    held: list[Counter[str]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    loose: list[int] = []
    for article in sorted(articles):
        mine = named.get(article, frozenset())
        if not mine:
            loose += articles[article]
            continue
        near = sorted({part for name in mine for part in holding[name]})
        fits = [part for part in near if max(held[part][name] for name in mine) * 2 >= sizes[part]]
        chosen = fits[0] if fits else len(parts)
        if not fits:
            parts.append([])
            sizes.append(0)
            held.append(Counter())
        parts[chosen] += articles[article]
        sizes[chosen] += 1
        held[chosen].update(mine)
        for name in mine:
            if held[chosen][name] == 1:
                holding[name].append(chosen)
    if len(parts) < 2:
        yield sorted(group)
        return
    yield from map(sorted, parts)
    if loose:
        yield sorted(loose)
