"""Who counts as the origin of each report, and which reports still stand.

Chains are cut at who may not introduce origins; a news outlet's own unattributed sentence comes from the crowd
behind it; an origin's later statement takes the place of its earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reliability.rules.policy import UNATTRIBUTED, UNKNOWN, Policy
from reliability.rules.schema import SourceEntry
from reliability.scoring.coding import STANCES, UNDATED, VIAS, Coded
from reliability.scoring.latest import Latest
from reliability.scoring.trie import ABSENT, Codes, Ints, distinct, numbered, total_order

Mask = NDArray[np.bool_]
OWN_EYES = (VIAS.index("saw-it-ourselves"), VIAS.index("document"))


@dataclass(frozen=True)
class SourceTable:
    """What the sources file says of each source code: type, bloc (codes, ABSENT if none), carries (1, 0, ABSENT)."""

    type: Codes
    bloc: Codes
    carries: Codes
    bloc_ids: tuple[str, ...]
    within: Mask
    """(n_blocs, n_blocs): whether the first bloc is the second or lies inside it."""
    known: tuple[tuple[int, SourceEntry], ...]
    """The codes of sources that the file names, and what it says of them."""

    @classmethod
    def of(cls, coded: Coded, policy: Policy) -> SourceTable:
        """Look every source up once."""
        entries = policy.sources.entries
        known = [(code, entries[key]) for code, key in enumerate(coded.source_keys) if key in entries]
        n = len(coded.source_keys)
        types = {name: code for code, name in enumerate(coded.type_ids)}
        bloc_ids = tuple(sorted(policy.blocs))
        blocs = {name: code for code, name in enumerate(bloc_ids)}
        within = np.zeros((len(bloc_ids), len(bloc_ids)), dtype=bool)
        for name in bloc_ids:
            outer: str | None = name
            while outer is not None:
                within[blocs[name], blocs[outer]] = True
                outer = policy.blocs[outer].inside
        return cls(
            type=_codes(n, {code: types.get(e.type, ABSENT) for code, e in known if e.type}),
            bloc=_codes(n, {code: blocs[e.bloc] for code, e in known if e.bloc}),
            carries=_codes(n, {code: int(e.carries) for code, e in known if e.carries is not None}),
            bloc_ids=bloc_ids, within=within, known=tuple(known),
        )  # fmt: skip


def _codes(n: int, values: Mapping[int, int]) -> Codes:
    found = np.full(n, ABSENT, dtype=np.int32)
    found[list(values)] = list(values.values())
    return found


@dataclass(frozen=True)
class Origins:
    """Each report's origin, and whether it counts.

    `first` (n,): the link at which the chain was cut (0 if nowhere). `own_voice` (n,): the origin is the crowd
    behind that link. `source`, `next` (n,): the origin's source and, for descriptors, the source right after it
    (else ABSENT). `type` (L, n): each link's source type. `origin_type` (n,). `group` (n,): one id per claim and
    origin, -1 for reports that don't count. `superseded`, `retracted`, `counts` (n,). `inconsistent` (n,): another
    counting report describes one of its links otherwise.
    """

    first: Codes
    own_voice: Mask
    source: Codes
    next: Codes
    type: Codes
    origin_type: Codes
    group: Ints
    superseded: Mask
    retracted: Mask
    counts: Mask
    inconsistent: Mask


def find_origins(coded: Coded, policy: Policy, table: SourceTable) -> Origins:
    """Origins as all reports describe them, then again as only those that count do.

    The second time changes nothing on claims of which all reports count, so no claim's origins depend on other claims.
    """
    links = LinksByClaim.of(coded)
    spoken = coded.stance != STANCES["silent"]
    found = _with_silence(coded, _origins(coded, policy, table, spoken, links))
    counted, superseded, retracted = found.counts, found.superseded, found.retracted
    if not (spoken & ~counted).any():
        return found
    del found
    again = _with_silence(coded, _origins(coded, policy, table, counted & spoken, links))
    counts = again.counts & counted
    return replace(again, counts=counts, group=np.where(counts, again.group, ABSENT), superseded=superseded,
                   retracted=retracted)  # fmt: skip


def _origins(coded: Coded, policy: Policy, table: SourceTable, among: Mask, links: LinksByClaim) -> Origins:
    types, inconsistent = resolve_types(coded, table, among, links)
    first = cut_points(coded, policy, table, types)
    rows = np.arange(coded.n, dtype=np.int32)
    source = coded.source[first, rows]
    origin_type = types[first, rows]
    news = np.array([policy.types[t].news_outlet for t in coded.type_ids])
    descriptor = np.array([policy.types[t].descriptor for t in coded.type_ids])
    silent = coded.stance == STANCES["silent"]
    own = news[origin_type] & ~np.isin(coded.via[first, rows], OWN_EYES) & ~silent
    after = np.where(first + 1 < coded.length, coded.source[np.minimum(first + 1, len(coded.source) - 1), rows], ABSENT)
    behind = np.where(own, source, after)
    source = np.where(own, coded.source_code(UNATTRIBUTED), source)
    origin_type = np.where(own, coded.type_ids.index(UNATTRIBUTED), origin_type)
    behind = np.where(descriptor[origin_type], behind, ABSENT)
    group = numbered([coded.unit, source, behind])
    superseded, retracted = overtaken(coded, group, among)
    counts = among & ~superseded & ~retracted & (coded.stance != STANCES["retracts"]) & ~silent
    return Origins(
        first=first.astype(np.int32), own_voice=own, source=source.astype(np.int32), next=behind.astype(np.int32),
        type=types, origin_type=origin_type.astype(np.int32), group=np.where(counts | silent, group, ABSENT),
        superseded=superseded, retracted=retracted, counts=counts, inconsistent=inconsistent & counts,
    )  # fmt: skip


def _with_silence(coded: Coded, found: Origins) -> Origins:
    """A silence counts where its source has said nothing that counts on the claim."""
    silent = coded.stance == STANCES["silent"]
    if not silent.any():
        return found
    quiet = silent & ~np.isin(found.group, found.group[found.counts])
    counts = found.counts | quiet
    return replace(found, counts=counts, group=np.where(counts, found.group, ABSENT))


@dataclass(frozen=True)
class LinksByClaim:
    """All links of all chains, one after the other: those of one claim and source are a group.

    `at` (r,): where each stands in the grid of links and reports, read row by row; `report` (r,) its report; `group`
    (r,) its group.
    """

    at: Ints
    report: Codes
    group: Codes
    latest: Latest

    @classmethod
    def of(cls, coded: Coded) -> LinksByClaim:
        """Find the groups once: whichever reports count, they are the same."""
        sources = coded.source.reshape(-1)
        at = np.flatnonzero(sources >= 0).astype(np.int32)
        report = at % np.int32(max(coded.n, 1))
        latest = Latest.of(coded, [coded.unit[report], sources[at]], report)
        return cls(at, report, latest.groups(), latest)


def resolve_types(coded: Coded, table: SourceTable, among: Mask, links: LinksByClaim) -> tuple[Codes, Mask]:
    """Each link's source type, (L, n): as the latest report on the claim gives it, else the sources file, else unknown.

    What a silent report says of a link counts for silent reports alone, and there only where no other says anything.

    The second array, (n,), marks reports of claims where two reports disagree about one of its links.
    """
    report = links.report
    told = coded.type.reshape(-1)[links.at]
    silent = coded.stance == STANCES["silent"]
    latest, differ = links.latest.given(np.where((among & ~silent)[report], told, ABSENT))
    found = latest.astype(np.int32)[links.group]
    if silent.any():
        by_silence, _ = links.latest.given(np.where(silent[report], told, ABSENT))
        found = np.where((found < 0) & silent[report], by_silence[links.group], found)
    fallback = np.where(table.type >= 0, table.type, coded.type_ids.index(UNKNOWN))
    found = np.where(found >= 0, found, fallback[coded.source.reshape(-1)[links.at]])
    types = np.full(coded.source.shape, coded.type_ids.index(UNKNOWN), dtype=np.int32)
    types.reshape(-1)[links.at] = found
    inconsistent = np.zeros(coded.n, dtype=bool)
    inconsistent[report[differ[links.group]]] = True
    return types, inconsistent


def cut_points(coded: Coded, policy: Policy, table: SourceTable, types: Codes) -> Ints:
    """The link at which each chain begins to count, (n,): the last that may not introduce what stands before it.

    A source whose type doesn't carry origins (unless the sources file or the fact `carries` says otherwise) begins
    the chain itself, except when all before it are members of its own bloc.
    """
    by_type = np.array([policy.types[t].carries for t in coded.type_ids])
    present = coded.source >= 0
    of_source = table.carries[coded.source]
    carries = np.where(of_source >= 0, of_source == 1, by_type[types])
    if "carries" in coded.fact_values:
        codes, values = coded.fact_values["carries"]
        said = np.array([*(value is True for value in values), False])[codes[coded.facts]]
        carries = np.where(codes[coded.facts] >= 0, said, carries)
    bloc = np.where(present, table.bloc[coded.source], ABSENT)
    first = np.zeros(coded.n, dtype=np.int32)
    for link in range(1, coded.source.shape[0]):
        stops = present[link] & ~carries[link]
        if not stops.any():
            continue
        own = bloc[link] >= 0
        for before in range(link):
            counted = before >= first
            if len(table.bloc_ids):
                inside = (bloc[before] >= 0) & table.within[bloc[before], bloc[link]]
                own &= inside | ~counted
        first = np.where(stops & ~own, link, first)
    return first


def overtaken(coded: Coded, group: Ints, among: Mask) -> tuple[Mask, Mask]:
    """Which reports an origin's later statement that differs has superseded, and which it has taken back.

    Later means published wholly after: an undated report supersedes nothing, and every dated one is later than it.
    An undated retraction takes back the undated reports.
    """
    superseded = np.zeros(coded.n, dtype=bool)
    takes_back = among & (coded.stance == STANCES["retracts"])
    rows = np.flatnonzero(among & ~takes_back)
    if rows.size:
        for some in _origin_by_origin(group, rows[total_order([group[rows], coded.turn[rows]])]):
            superseded[some] = _followed(coded, group, some)
    n_groups = int(group.max(initial=ABSENT)) + 1
    last_at = np.full(n_groups, UNDATED, dtype=np.int64)
    np.maximum.at(last_at, group[takes_back], coded.start[takes_back])
    undated = np.zeros(n_groups, dtype=bool)
    undated[group[takes_back & (coded.start == UNDATED)]] = True
    earlier = coded.end < last_at[group]
    retracted = among & ~takes_back & (earlier | (undated[group] & (coded.end == UNDATED)))
    return superseded, retracted


_AT_ONCE = 1 << 16


def _origin_by_origin(group: Ints, order: Ints) -> Iterator[Ints]:
    """Reports in the order of their origins some at a time, all of an origin together."""
    begins = np.flatnonzero(np.diff(group[order], prepend=ABSENT))
    at = 0
    while at < len(order):
        place = np.searchsorted(begins, at + _AT_ONCE)
        end = int(begins[place]) if place < len(begins) else len(order)
        yield order[at:end]
        at = end


def _followed(coded: Coded, group: Ints, order: Ints) -> Mask:
    """Whether a dated report of the same origin, wholly later, says something else, for reports in the order of their
    origins and turns: (len(order),).

    From each place the least and the greatest statement up to the origin's end tell whether one of them differs. An
    undated report has start and end UNDATED, before every date.
    """
    n_groups = int(group.max()) + 1
    stride = int(coded.content.max()) + 1
    g = group[order].astype(np.int64)
    content = coded.content[order].astype(np.int64)
    least = np.minimum.accumulate((content + g * stride)[::-1])[::-1]
    most = np.maximum.accumulate((content + (n_groups - g) * stride)[::-1])[::-1]
    at = _after(coded, group, order)
    inside = at < len(order)
    at = np.minimum(at, len(order) - 1)
    low = least[at] - g[at] * stride
    high = most[at] - (n_groups - g[at]) * stride
    followed: Mask = inside & (g[at] == g) & ((low != content) | (high != content))
    return followed


def _after(coded: Coded, group: Ints, order: Ints) -> Ints:
    """The first place in the order that begins after each report ends, where its origin has one."""
    moments = distinct(coded.start[order])
    begins = np.searchsorted(moments, coded.start[order])
    g = group[order].astype(np.int64) * len(moments)
    begins += g
    ends = np.searchsorted(moments, coded.end[order], side="right") - 1  # the last moment that is not after the end
    ends += g
    return np.searchsorted(begins, ends, side="right")
