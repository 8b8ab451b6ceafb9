"""What rules can see of a link: its merged description, and how rules act on many links at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reliability.rules.conditions import Column, Outcome, evaluate
from reliability.rules.policy import Policy
from reliability.rules.schema import Bias, Modifier, Prior, Relay, Silence
from reliability.scoring.coding import PARTIES, STANCES, VIAS, Coded, column
from reliability.scoring.latest import Latest
from reliability.scoring.provenance import Mask, SourceTable
from reliability.scoring.trie import ABSENT, Codes, Ints

PARAPHRASE = VIAS.index("paraphrase")
STANCE_NAMES = tuple(STANCES)


@dataclass(frozen=True)
class Described:
    """Links as rules see them: columns of fields, and which links two reports describe differently."""

    columns: Mapping[str, Column]
    n: int
    inconsistent: Mask


def describe(
    coded: Coded, policy: Policy, table: SourceTable, *, groups: Ints, report: Ints, link: Ints, passed_by: Ints,
    source: Codes, type_code: Codes,
) -> Described:  # fmt: skip
    """Merge what the rows of each group say of one link: the latest that gives a field wins, unknown overrides nothing.

    Shapes: groups, report, link, passed_by (rows,), groups numbered 0 … n−1 with none left out; `link` is where the
    description stands in the report's chain (ABSENT: nowhere), `passed_by` the link whose `via` is meant;
    source, type_code (n,).
    """
    latest_of = Latest.of(coded, [groups], report)
    n = len(source)
    differ_somewhere = np.zeros(n, dtype=bool)
    there = link >= 0
    safe = np.maximum(link, 0)

    def merged(codes: NDArray[np.integer], watched: bool = True) -> Ints:
        latest, differ = latest_of.given(codes)
        if watched:
            differ_somewhere[differ] = True
        return latest

    via = merged(np.where(passed_by >= 0, coded.via[np.maximum(passed_by, 0), report], ABSENT))
    hedge = merged(np.where(there, coded.hedge[safe, report], ABSENT), watched=False)
    columns: dict[str, Column] = {
        "source_type": column(type_code, coded.type_ids),
        "source": column(source, coded.source_labels),
        "bloc": column(table.bloc[source], table.bloc_ids),
        "country": _country(table, len(coded.source_keys), source),
        "via": column(np.where(via >= 0, via, PARAPHRASE), VIAS),
        "hedge": column(hedge, coded.hedges),
        "hedged": column((hedge >= 0).astype(np.int64), (False, True)),
        "stance": column(merged(_stance_codes(coded)[report], watched=False), STANCE_NAMES),
        "has_quantity": column(merged((coded.unit_name[report] >= 0).astype(np.int64), watched=False), (False, True)),
        "unit": column(merged(coded.unit_name[report], watched=False), coded.quantity_units),
        "party": column(merged(coded.party[report], watched=False), PARTIES),
        "n_links": _numbers(merged(coded.length[report], watched=False)),
    }
    rows = np.where(there, coded.facts[safe, report], 0)
    names = sorted(set(coded.fact_values) | {name for _, entry in table.known for name in entry.facts})
    for name in names:
        codes, values = coded.fact_values.get(name, (np.array([ABSENT], dtype=np.int32), ()))
        latest = merged(codes[np.minimum(rows, len(codes) - 1)])
        columns[name] = _with_defaults(name, latest, values, table, len(coded.source_keys), source)
    return Described(columns, n, differ_somewhere)


def _stance_codes(coded: Coded) -> Ints:
    place = {code: i for i, code in enumerate(STANCES.values())}
    lookup = np.array([place[code] for code in sorted(place)])
    found: Ints = lookup[np.searchsorted(np.array(sorted(place)), coded.stance)]
    return found


def _numbers(values: Ints) -> Column:
    distinct, codes = np.unique(values, return_inverse=True)
    return column(codes, [int(value) for value in distinct])


def _country(table: SourceTable, n_sources: int, source: Codes) -> Column:
    countries = {code: entry.country for code, entry in table.known if entry.country is not None}
    names = sorted(set(countries.values()))
    of_source = np.full(n_sources, ABSENT)
    of_source[list(countries)] = [names.index(one) for one in countries.values()]
    return column(of_source[source], names)


def _with_defaults(
    name: str, codes: Ints, values: tuple[Any, ...], table: SourceTable, n_sources: int, source: Codes
) -> Column:
    """A fact's column, filled from the sources file where no report gives it."""
    known = list(values)
    defaults = np.full(n_sources, ABSENT, dtype=np.int64)
    for code, entry in table.known:
        if entry.facts.get(name) is not None:
            known.append(entry.facts[name])
            defaults[code] = len(known) - 1
    return column(np.where(codes >= 0, codes, defaults[source]), known)


Conditional = Modifier | Relay | Prior | Bias | Silence


KEPT_BYTES = 256_000_000


class Outcomes(Mapping[str, Outcome]):
    """Each rule's outcome over the links, by id: found when asked for, and kept while there is room for its masks.

    So thousands of rules over a million links stay within memory; over few links each is evaluated once.
    """

    def __init__(self, rules: Iterable[Conditional], described: Described, policy: Policy) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._described, self._kin = described, policy.kin
        self._kept: dict[str, Outcome] = {}
        self._room = KEPT_BYTES

    def __getitem__(self, name: str) -> Outcome:
        found = self._kept.get(name)
        if found is None:
            rule, described = self._rules[name], self._described
            found = evaluate(rule.when, described.columns, described.n, self._kin)
            self._room -= described.n * (2 + len(found.missing))
            if self._room >= 0:
                self._kept[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def outcomes(rules: Iterable[Conditional], described: Described, policy: Policy) -> Outcomes:
    """Each rule's outcome over the links, by id."""
    return Outcomes(rules, described, policy)


def settings(
    rules: Sequence[Any], found: Mapping[str, Outcome], parameter: str, n: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """What rules set a parameter to on each link, NaN where none does, and which rule (its place in `rules`).

    Where two fire, the one that overrides the other wins; that no other two can fire is checked when rules load.
    """
    value = np.full(n, np.nan)
    by = np.full(n, ABSENT, dtype=np.int64)
    setting = [(i, rule) for i, rule in enumerate(rules) if getattr(rule.effect[0], parameter) is not None]
    stronger: dict[str, list[str]] = {}
    for _, rule in setting:
        for weaker in rule.overrides:
            stronger.setdefault(weaker, []).append(rule.id)
    for i, rule in setting:
        wins = found[rule.id].yes.copy()
        for other in stronger.get(rule.id, ()):
            wins &= ~found[other].yes
        value[wins] = getattr(rule.effect[0], parameter)
        by[wins] = i
    return value, by
