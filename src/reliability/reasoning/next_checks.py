"""What to check next: the expected information about the claim, in bits, of each thing that one could find out.

Exact, by enumeration of the outcomes, on the very messages that the rating was summed from; for all claims of a call
together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.reasoning.sentences import SETTLE
from reliability.reasoning.settling import answers
from reliability.rules.policy import Policy
from reliability.scoring.channel import READ_DB, Floats, attenuate, posterior
from reliability.scoring.origins import fidelity_of
from reliability.scoring.passes import replaced_each
from reliability.scoring.paths import CROWD, HEDGE, RELAY
from reliability.scoring.provenance import Mask
from reliability.scoring.trie import Ints

T = TypeVar("T")
READ = READ_DB * np.log(10.0) / 10.0
LEAST_BITS = 5e-5
PLACES = 4


@dataclass(frozen=True)
class Checks:
    """Things that one could find out, a row each: the claim, the bits, whether each alternative's word could change.

    Shapes: unit, bits (n,); changes (n, K). `text`, `kind` and `type` of a row by its place.
    """

    unit: Ints
    bits: Floats
    changes: Mask
    text: Callable[[int], str]
    kind: str
    type: Callable[[int], str | None]


def next_checks(account: Account, unit: int, answer: int = 0) -> list[dict[str, Any]]:
    """Checks of one claim, or of a question for one of its alternatives, most bits first; ties by text.

    Bits are about the claim (about the whole question, where there are more answers than two). Those that could tell
    nothing are left out. Each has `check`, `bits`, `changes_word` (could an outcome change the ICD 203 word), and,
    where a cost rule says so, `hours`, `euros`, `bits_per_hour`, `bits_per_euro` (None where it is free).
    """
    return [{**row, "changes_word": bool(row["changes_word"][answer])} for row in _rows(account, unit)]


def _rows(account: Account, unit: int) -> list[dict[str, Any]]:
    """A claim's rows in order, whose `changes_word` is each alternative's, (K,): kept for a question's next answer."""
    cached: dict[int, list[dict[str, Any]]] = account.__dict__.setdefault("_rows_of_checks", {})
    if unit not in cached:
        found = []
        for checks in _all(account):
            first, last = np.searchsorted(checks.unit, [unit, unit + 1]).tolist()
            found += [row_of(account, checks.text(at), checks.kind, checks.type(at), float(checks.bits[at]),
                             checks.changes[at])
                      for at in range(first, last) if checks.bits[at] >= LEAST_BITS]  # fmt: skip
        cached[unit] = in_order(found)
    return cached[unit]


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Checks' rows, most bits first, without those that could tell nothing."""
    return sorted((row for row in rows if row["bits"] > 0.0), key=lambda row: (-row["bits"], row["check"]))


def row_of(account: Account, text: str, kind: str, type_: str | None, bits: float, changes: Any) -> dict[str, Any]:
    """A check as it stands in a record, with what it costs by rule; `changes` is whether it could change the word."""
    row: dict[str, Any] = {"check": text, "bits": rounded(bits, PLACES) if bits >= LEAST_BITS else 0.0,
                           "changes_word": changes, "hours": None, "euros": None, "bits_per_hour": None,
                           "bits_per_euro": None}  # fmt: skip
    for rule in account.policy.checks:
        if rule.check == kind and (not rule.types or type_ in rule.types):
            effect = rule.effect[0]
            row |= {"hours": effect.hours, "euros": effect.euros, "bits_per_hour": rounded(bits / effect.hours, PLACES)}
            if effect.euros > 0.0:
                row["bits_per_euro"] = rounded(bits / effect.euros, PLACES)
            break
    return row


def information(chances: Floats, ratings: Floats) -> Floats:
    """Mutual information, in bits, of the world and an outcome: entropy before less the mean entropy after.

    Shapes: chances (…, V) of the outcomes, summing to 1; ratings (…, V, K), each alternative's probability after each;
    the result (…).
    """
    from scipy.special import entr  # takes a quarter of a second, which whoever asks for no checks is spared

    before = np.einsum("...v,...vk->...k", chances, ratings)
    after = np.einsum("...v,...v->...", chances, entr(ratings).sum(axis=-1))
    bits: Floats = np.maximum((entr(before).sum(axis=-1) - after) / np.log(2.0), 0.0)
    return bits


def changes_word(account: Account, p: Floats, chances: Floats, ratings: Floats) -> Mask:
    """Whether any outcome that has a chance changes the ICD 203 word: p (…, K), chances (…, V), ratings (…, V, K)."""
    lows = np.array(account.scales.icd203.lows[1:])

    def place(values: Floats) -> Ints:
        return np.searchsorted(lows, np.round(values, PLACES), side="right")

    moved = (place(ratings) != place(p)[..., None, :]) & (chances > 0.0)[..., None]
    found: Mask = moved.any(axis=-2)
    return found


def _all(account: Account) -> list[Checks]:
    """The checks of all claims of a call, by kind, each in order of claims. Computed once."""
    cached: list[Checks] | None = account.__dict__.get("_checks")
    if cached is None:
        cached = [*_new_origins(account), _confirmed(account), _settled(account)]
        account.__dict__["_checks"] = cached
    return cached


def _checks(
    account: Account, unit: Ints, chances: Floats, ratings: Floats, text: Callable[[int], str], kind: str
) -> Checks:
    """The checks with their bits, which are of what the tree comes to, and whether the rating's word could change."""
    scored = account.scored
    shown = scored.ratings.p(ratings.transpose(2, 0, 1), unit).transpose(1, 2, 0)
    changes = changes_word(account, scored.p.T[unit], chances, shown)
    return Checks(unit, information(chances, ratings), changes, text, kind, _constant(None))


def _says(k: int) -> Floats:
    """What a reading leaves on the alternatives, (K, K): column v says that it is v."""
    return np.where(np.eye(k, dtype=bool), 0.0, -READ)


def _new_origins(account: Account) -> list[Checks]:
    """One more independent origin of each source type, read directly, at its type's base numbers."""
    scored, policy = account.scored, account.policy
    units = np.arange(len(scored.coded.units))
    if policy.constants["common-error"] <= 0.0:
        return []
    found: list[Checks] = []
    alone: dict[float, Checks] = {}
    for code, name in enumerate(scored.coded.type_ids):
        phi = base_fidelity(policy, name)
        if phi <= 0.0:
            continue
        crowd = _crowds(account, code)
        if (crowd >= 0).any():
            one = _joining(account, phi, units, crowd)
        elif phi in alone:
            one = alone[phi]
        else:
            one = alone[phi] = _joining(account, phi, units, crowd)
        found.append(Checks(one.unit, one.bits, one.changes, _constant(origin_of_type(name)), "origin",
                            _constant(name)))  # fmt: skip
    return found


def _constant(value: T) -> Callable[[int], T]:
    return lambda _: value


def _crowds(account: Account, type_code: int) -> Ints:
    """Each claim's crowd of a type: its node, -1 where there is none."""
    scored = account.scored
    found = np.full(len(scored.coded.units), -1, dtype=np.int64)
    root = scored.paths.trie.parent < scored.paths.trie.level(0).stop
    nodes = np.flatnonzero((scored.paths.kind == CROWD) & (scored.paths.a == type_code) & root)
    found[scored.paths.trie.unit[nodes]] = nodes
    return found


def _joining(account: Account, phi: float, units: Ints, crowd: Ints) -> Checks:
    """What an origin of φ from the world would tell each claim, in its crowd where there is one."""
    scored, common = account.scored, account.policy.constants["common-error"]
    k, n = scored.k, len(units)
    link = min(phi / common, 1.0)
    share = np.where(crowd >= 0, np.sqrt(link), link)
    member = np.maximum(crowd, 0)
    # columns: outcome by outcome, all claims
    fidelity = np.tile(share, k)
    guess = np.tile(scored.priors.guess[:, units], k)
    heard = np.tile(scored.up.below[:, units], k)
    said = attenuate(np.repeat(_says(k), n, axis=1), fidelity, guess)
    joined = attenuate(np.tile(scored.up.below[:, member], k) + said, fidelity, guess)
    inside = np.tile(crowd >= 0, k)
    reaching = heard + np.where(inside, joined - np.tile(scored.up.sent[:, member], k), said)
    told = np.where(crowd >= 0, scored.node_p[:, member], scored.apparent[:, units])
    chances = share * told + (1.0 - share) * scored.priors.guess[:, units]
    prior = np.tile(scored.priors.prior[:, units], k)
    ratings = posterior(np.log(prior) + attenuate(reaching, np.full(k * n, common), prior))
    return _checks(account, units, chances.T, _by_outcome(ratings, k), _constant(""), "origin")


def _by_outcome(ratings: Floats, k: int) -> Floats:
    """Ratings (K, K·n), outcome by outcome, as (n, K outcomes, K)."""
    return ratings.reshape(len(ratings), k, -1).transpose(2, 1, 0)


def origin_of_type(name: str) -> str:
    """The check's text for one more origin."""
    return f"an independent origin of type {name}"


def base_fidelity(policy: Policy, name: str) -> float:
    """A type's φ at its base numbers."""
    effect = policy.types[name].effect[0]
    return float(fidelity_of(np.array(effect.p), np.array(effect.p0)))


def _confirmed(account: Account) -> Checks:
    """Each relay confirmed with whom it passes on: we then know what that one said."""
    scored = account.scored
    trie, channels, k = scored.paths.trie, scored.parameters.channels, scored.k
    nodes = told_by_relays(account)
    again = np.tile(nodes, k)
    sent = attenuate(np.repeat(_says(k), len(nodes), axis=1), channels.fidelity[again], channels.guess[:, again])
    world, _ = replaced_each(trie, channels, scored.up, sent, again)
    ratings = posterior(np.log(scored.priors.prior[:, trie.unit[again]]) + world)
    return _checks(account, trie.unit[nodes], scored.node_p[:, nodes].T, _by_outcome(ratings, k),
                   lambda at: confirmed(account, int(nodes[at])), "relay")  # fmt: skip


def told_by_relays(account: Account) -> Ints:
    """The nodes whose words a relay that may err passes on, in order of claims."""
    paths, fidelity = account.scored.paths, account.scored.parameters.channels.fidelity
    above = paths.trie.parent[np.flatnonzero((paths.kind == RELAY) & (fidelity < 1.0))]
    while (paths.kind[above] == HEDGE).any():
        above = np.where(paths.kind[above] == HEDGE, paths.trie.parent[above], above)
    nodes = np.unique(above).astype(np.int64)
    return nodes[np.argsort(paths.trie.unit[nodes], kind="stable")]


def confirmed(account: Account, node: int) -> str:
    """The text of a check: ask whom relays name what they passed on."""
    relays = [account.labels[child] for child in _relays_of(account, node)]
    return f"confirm with {account.labels[node]} what {' and '.join(dict.fromkeys(relays))} passed on"


def _relays_of(account: Account, node: int) -> list[int]:
    """The relays right below a node, past hedges."""
    kind = account.scored.paths.kind
    found: list[int] = []
    for child in account.below(node):
        found += _relays_of(account, child) if kind[child] == HEDGE else [child]
    return found


def _settled(account: Account) -> Checks:
    """Each undecided condition on an origin or relay settled: what the rating would be for each answer."""
    found = answers(account)
    order = np.lexsort((found.fact, found.node, found.unit))
    unit, node, fact = found.unit[order], found.node[order], found.fact[order]
    begins = np.flatnonzero(np.append(True, (node[1:] != node[:-1]) | (fact[1:] != fact[:-1]))[: len(order)])
    question = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(order)))
    place = np.arange(len(order)) - begins[question]
    chances = np.zeros((len(begins), int(place.max(initial=0)) + 1))
    chances[question, place] = found.share[order]
    chances /= chances.sum(axis=1, keepdims=True)
    ratings = np.zeros((*chances.shape, account.scored.k))
    ratings[question, place] = found.ratings[order]

    def text(at: int) -> str:
        first = begins[at]
        return settled(account, int(node[first]), found.facts[fact[first]])

    return _checks(account, unit[begins], chances, ratings, text, "fact")


def settled(account: Account, node: int, fact: str) -> str:
    """The text of a check: settle what nobody knew of a link; of a relay's, whose word it passed on."""
    rule = account.policy.facts.get(fact)
    asked = rule.question if rule is not None and rule.question else fact
    whose = int(account.origin_of[node])
    passed = "" if whose in (node, -1) else f" on what {account.labels[whose]} said"
    return f"{SETTLE}{account.labels[node]}{passed}: {asked}"
