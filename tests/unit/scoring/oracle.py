"""DESIGN.md read a second time, in plain Python: who the origins are, which reports count, which nodes there are.

Knows nothing of the scorer's arrays. One claim or question at a time, descriptions that agree, conditions that are
equalities. `Net.nodes` can be enumerated (`brute_force`) or given to a general engine.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reliability.model.dates import date_span
from reliability.model.report import Link, Report
from reliability.rules.policy import Policy

READ = 1e-30
Path = tuple[tuple[str, ...], ...]


@dataclass
class OracleNode:
    """One channel: `reads` is the stance and alternative of what was read there, once hedges have turned it."""

    path: Path
    fidelity: float
    guess: list[float]
    leaf: tuple[Any, ...] = ()
    reads: tuple[bool, int] | None = None
    stated: tuple[bool, int] | None = None


@dataclass
class Net:
    """All channels of one claim, parents before children, by path; the world's prior."""

    k: int
    prior: list[float]
    nodes: dict[Path, OracleNode] = field(default_factory=dict)

    def evidence(self, node: OracleNode) -> list[float]:
        if node.reads is None:
            return [1.0] * self.k
        says, alternative = node.reads
        return [1.0 if (x == alternative) == says else READ for x in range(self.k)]


@dataclass(frozen=True)
class Voice:
    """A report as it counts: its origin, where the chain begins, whether the words are the outlet's own."""

    report: Report
    first: int
    own: bool
    name: str
    kind: str
    behind: str | None

    @property
    def origin(self) -> tuple[str, ...]:
        return (self.name,) if self.behind is None else (self.name, self.behind)


def kind_of(link: Link, policy: Policy) -> str:
    entry = policy.sources.find(link.source)
    return link.type or (entry.type if entry is not None else None) or "unknown"


def known_as(link: Link, policy: Policy) -> str:
    """One name for all spellings and aliases of a source."""
    return policy.sources.canonical(link.source)


def bloc_of(name: str, policy: Policy) -> str | None:
    entry = policy.sources.find(name)
    return None if entry is None else entry.bloc


def inside(inner: str | None, outer: str | None, policy: Policy) -> bool:
    while inner is not None and inner != outer:
        inner = policy.blocs[inner].inside
    return inner is not None


def voice_of(report: Report, policy: Policy) -> Voice:
    """Cut the chain at who may not introduce origins, and tell an outlet's own voice."""
    chain = report.provenance
    first = 0
    for i in range(1, len(chain)):
        home = bloc_of(chain[i].source, policy)
        theirs = home is not None and all(
            inside(bloc_of(chain[j].source, policy), home, policy) for j in range(first, i)
        )
        if not policy.types[kind_of(chain[i], policy)].carries and not theirs:
            first = i
    link = chain[first]
    kind = policy.types[kind_of(link, policy)]
    if kind.news_outlet and link.via not in ("saw-it-ourselves", "document"):
        return Voice(report, first, True, "unattributed", "unattributed", known_as(link, policy))
    after = known_as(chain[first + 1], policy) if first + 1 < len(chain) else None
    return Voice(report, first, False, known_as(link, policy), kind.id, after if kind.descriptor else None)


def standing(voices: Sequence[Voice]) -> list[Voice]:
    """What no later statement of the same origin that differs supersedes, and no retraction takes back."""

    def span(report: Report) -> tuple[int, int]:
        return (-1, -1) if report.published is None else date_span(report.published)

    def overtaken(one: Voice) -> bool:
        for other in voices:
            if other.origin != one.origin or other is one:
                continue
            later = span(other.report)[0] > span(one.report)[1]
            differs = (other.report.stance, other.report.alternative) != (one.report.stance, one.report.alternative)
            both_undated = other.report.published is None and one.report.published is None
            if other.report.stance == "retracts":
                if later or both_undated:
                    return True
            elif later and differs:
                return True
        return False

    return [one for one in voices if one.report.stance != "retracts" and not overtaken(one)]


def effects(rules: Sequence[Any], facts: dict[str, Any], parameter: str) -> list[Any]:
    """The numbers of the rules whose conditions (equalities only) hold."""

    def meets(wanted: Any, value: Any) -> bool:
        if isinstance(wanted, dict):
            ((operator, bound),) = wanted.items()
            return value is not None and (value != bound if operator == "not" else value >= bound)
        return value is not None and value == wanted

    found = [
        getattr(rule.effect[0], parameter)
        for rule in rules
        if all(meets(w, facts.get(f)) for f, w in rule.when.items())
    ]
    return [one for one in found if one is not None]


def phi_of_type(p: float, p0: float) -> float:
    if p <= p0:
        return 0.0
    if p == 1.0:
        return 1.0
    ratio = p / (1 - p) / (p0 / (1 - p0))
    return (ratio - 1) / (ratio + 1)


def phi_from_world(voice: Voice, policy: Policy) -> float:
    """Base plus shifts, clamped once to [0, cap], as a fidelity again."""
    effect = policy.types[voice.kind].effect[0]
    phi = phi_of_type(effect.p, effect.p0)
    base = 1e3 if phi == 1.0 else 10 * math.log10((1 + phi) / (1 - phi))
    shifts = [] if voice.own else effects(policy.modifiers, _facts(voice), "shift_db")
    ratio = 10 ** (min(max(base + sum(shifts), 0.0), effect.cap_db) / 10)
    return (ratio - 1) / (ratio + 1)


def _facts(voice: Voice) -> dict[str, Any]:
    return {} if voice.own else dict(voice.report.provenance[voice.first].facts)


def home_of(voice: Voice, policy: Policy) -> list[tuple[str, float]]:
    """The origin's blocs, outermost first, with their ceilings."""
    home = bloc_of(voice.name, policy)
    if home is None:
        for rule in policy.blocs.values():
            value = _facts(voice).get(rule.by) if rule.by else None
            if rule.when is not None and value is not None:
                return [(f"{rule.id}: {value}", rule.effect[0].ceiling)]
        return []
    chain: list[tuple[str, float]] = []
    at: str | None = home
    while at is not None:
        chain.insert(0, (at, policy.blocs[at].effect[0].ceiling))
        at = policy.blocs[at].inside
    return chain


class Builder:
    """Lays the paths of one claim's reports."""

    def __init__(self, reports: Sequence[Report], policy: Policy, k: int) -> None:
        self.policy, self.k = policy, k
        self.voices = standing([voice_of(report, policy) for report in reports])
        rule = policy.priors[0].effect[0] if policy.priors and self.voices and k == 2 else None
        prior = 1 / k if rule is None else rule.prior
        self.prior = [1 / k] * k if k > 2 else [prior, 1 - prior]
        guess = None if rule is None else rule.guess
        even = prior if guess == "prior" else 0.5 if guess in (None, "even") else float(guess)
        self.guess = self.prior if k > 2 else [even, 1 - even]
        self.net = Net(k, self.prior)
        names = sorted({r.alternative for r in reports if r.alternative is not None} - {"none of these"})
        self.place = {name: i for i, name in enumerate(names)} | {None: 0, "none of these": k - 1}

    def put(self, path: Path, fidelity: float, guess: Sequence[float]) -> Path:
        self.net.nodes.setdefault(path, OracleNode(path, fidelity, list(guess)))
        return path

    def above(self, path: Path) -> float:
        return math.prod(self.net.nodes[path[: i + 1]].fidelity for i in range(len(path)))

    def under(self, path: Path, step: tuple[str, ...], from_world: float, guess: Sequence[float]) -> Path:
        """A node whose fidelity from the world is given: divided by what stands above it, at most 1."""
        above = self.above(path)
        link = min(from_world / above, 1.0) if from_world > 0 and above > 0 else float(from_world > 0)
        return self.put((*path, step), link, guess)

    def lay(self) -> Net:
        for voice in sorted(self.voices, key=lambda v: (_when(v.report), v.report.key.encode())):
            self._lay(voice)
        return self.net

    def _lay(self, voice: Voice) -> None:
        at = self.put((("common-error",),), self.policy.constants["common-error"], self.prior)
        for name, ceiling in home_of(voice, self.policy):
            at = self.under(at, ("bloc", name), ceiling, self.guess)
        kind = self.policy.types[voice.kind]
        if kind.crowd:
            phi = phi_of_type(kind.effect[0].p, kind.effect[0].p0)
            share = math.sqrt(min(phi / self.above(at), 1.0)) if self.above(at) > 0 else 0.0
            at = self.put((*at, ("crowd", kind.id)), share, self.guess)
        at = self.under(at, ("origin", *voice.origin), phi_from_world(voice, self.policy), self.guess)
        self.net.nodes[at].guess = self._interested(voice)
        says, alternative = voice.report.stance != "denies", self.place[voice.report.alternative]
        stated = says
        chain = voice.report.provenance
        if not voice.own:
            at, says = self._hedged(at, chain[voice.first], says, alternative)
        for i in range(voice.first if voice.own else voice.first + 1, len(chain)):
            via = (None if i == voice.first else chain[i - 1].via) or "paraphrase"
            (fidelity,) = effects(self.policy.relays, {"via": via}, "fidelity")
            at = self.put((*at, ("relay", known_as(chain[i], self.policy))), fidelity, self.guess)
            at, says = self._hedged(at, chain[i], says, alternative)
        node = self.net.nodes[at]
        node.reads, node.stated = (says, alternative), (stated, alternative)

    def _interested(self, voice: Voice) -> list[float]:
        chances = effects(self.policy.modifiers, _facts(voice), "guess")
        if not chances:
            return list(self.guess)
        a = self.place[voice.report.alternative]
        own = chances[0] if voice.report.stance != "denies" else 1 - chances[0]
        rest = sum(g for x, g in enumerate(self.guess) if x != a)
        shares = [g / rest if rest else 1 / (self.k - 1) for g in self.guess]
        return [own if x == a else share * (1 - own) for x, share in enumerate(shares)]

    def _hedged(self, at: Path, link: Link, says: bool, alternative: int) -> tuple[Path, bool]:
        if link.hedge is None:
            return at, says
        known = [rule for rule in self.policy.hedges if link.hedge in rule.terms]
        h = (known[0].effect[0].low + known[0].effect[0].high) / 2 if known else self.policy.constants["unknown-hedge"]
        pi = self.prior[alternative] if says else 1 - self.prior[alternative]
        eta = (h - pi) / (1 - pi) if h >= pi else 1 - h / pi
        at = self.put((*at, ("hedge", link.hedge, str(alternative), str(says))), eta, self.prior)
        return at, says == (h >= pi)


def _when(report: Report) -> int:
    return -1 if report.published is None else date_span(report.published)[0]


def net_of(reports: Sequence[Report], policy: Policy, k: int = 2) -> Net:
    return Builder(reports, policy, k).lay()


def brute_force(net: Net) -> dict[Path, list[float]]:
    """Posteriors of the world (path ()) and of every node, by adding up the joint over all their values."""
    order = list(net.nodes)
    index = {path: i + 1 for i, path in enumerate(order)}
    parents = [index.get(path[:-1], 0) for path in order]
    leaves = [net.evidence(net.nodes[path]) for path in order]
    sums = [[0.0] * net.k for _ in range(len(order) + 1)]
    for values in itertools.product(range(net.k), repeat=len(order) + 1):
        weight = net.prior[values[0]]
        for i, path in enumerate(order):
            node, value = net.nodes[path], values[i + 1]
            same = node.fidelity if value == values[parents[i]] else 0.0
            weight *= (same + (1 - node.fidelity) * node.guess[value]) * leaves[i][value]
            if weight == 0.0:
                break
        else:
            for i, value in enumerate(values):
                sums[i][value] += weight
    return {path: [s / sum(total) for s in total] for path, total in zip([(), *order], sums, strict=True)}


ASSERTED, DENIED, NOTHING = range(3)


def said_so_by_hand(net: Net, small: float = 0.025) -> dict[tuple[Path, int, bool], float]:
    """P(the origin asserted, or denied, it) for each origin, alternative and stance, adding up three-valued joints."""
    prior = [small, small, 1 - 2 * small]
    found: dict[tuple[Path, int, bool], float] = {}
    for origin in [path for path in net.nodes if path[-1][0] == "origin"]:
        below = [path for path in net.nodes if path[: len(origin)] == origin]
        stated = sorted({net.nodes[path].stated for path in below if net.nodes[path].stated is not None})
        for alternative in sorted({a for _, a in stated}):
            totals = [0.0] * 3
            for values in itertools.product(range(3), repeat=len(below)):
                now = dict(zip(below, values, strict=True))
                totals[values[0]] += prior[values[0]] * math.prod(
                    _said_factor(net.nodes[path], now, origin, alternative, prior) for path in below
                )
            for says, _ in [one for one in stated if one[1] == alternative]:
                found[origin, alternative, says] = totals[ASSERTED if says else DENIED] / sum(totals)
    return found


def _said_factor(node: OracleNode, now: dict[Path, int], origin: Path, alternative: int, prior: list[float]) -> float:
    value, factor = now[node.path], 1.0
    if node.path != origin:
        phi = 1.0 if node.path[-1][0] == "hedge" else node.fidelity
        factor = phi * (value == now[node.path[:-1]]) + (1 - phi) * prior[value]
    if node.stated is not None and node.stated[1] == alternative:
        factor *= 1.0 if value == (ASSERTED if node.stated[0] else DENIED) else READ
    return factor
