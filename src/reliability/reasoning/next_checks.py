"""What to check next: the expected information about the claim, in bits, of each thing that one could find out.

Exact, by enumeration of the outcomes, on the very messages that the rating was summed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import entr

from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.reasoning.sentences import SETTLE
from reliability.reasoning.settling import Answer, answers
from reliability.rules.policy import Policy
from reliability.scoring.channel import READ_DB, Floats, attenuate, posterior
from reliability.scoring.origins import fidelity_of
from reliability.scoring.passes import replaced_each
from reliability.scoring.paths import CROWD, HEDGE, RELAY

READ = READ_DB * np.log(10.0) / 10.0
LEAST_BITS = 5e-5


@dataclass(frozen=True)
class Possible:
    """One check: its outcomes' chances, the rating of every alternative after each, and which cost rule it has."""

    text: str
    chances: tuple[float, ...]
    ratings: tuple[tuple[float, ...], ...]
    kind: str
    type: str | None = None


def next_checks(account: Account, unit: int, answer: int = 0) -> list[dict[str, Any]]:
    """Checks of one claim, or of a question for one of its alternatives, most bits first; ties by text.

    Bits are about the claim (about the whole question, where there are more answers than two). Those that could tell
    nothing are left out. Each has `check`, `bits`, `changes_word` (could an outcome change the ICD 203 word), and,
    where a cost rule says so, `hours`, `euros`, `bits_per_hour`.
    """
    found = [*_new_origins(account, unit), *_confirmed(account, unit), *_settled(account, unit)]
    return in_order(account, found, float(account.scored.p[answer, unit]), answer)


def in_order(account: Account, found: Sequence[Possible], p: float, answer: int = 0) -> list[dict[str, Any]]:
    """The checks as records' rows, most bits first, without those that could tell nothing."""
    rows = [_row(account, one, p, answer) for one in found]
    return sorted((row for row in rows if row["bits"] > 0.0), key=lambda row: (-row["bits"], row["check"]))


def information(chances: Sequence[float], ratings: Sequence[Sequence[float]]) -> float:
    """Mutual information, in bits, of the world and an outcome: entropy before less the mean entropy after.

    `chances` (outcomes,) sum to 1; `ratings` (outcomes, K): each alternative's probability after each.
    """
    chance, after = np.array(chances), np.array(ratings)
    bits = _entropy((chance @ after)[None, :])[0] - float(chance @ _entropy(after))
    return max(0.0, float(bits))


def _entropy(p: Floats) -> Floats:
    found: Floats = entr(p).sum(axis=1) / np.log(2.0)
    return found


def _row(account: Account, one: Possible, p: float, answer: int) -> dict[str, Any]:
    words = account.scales.icd203
    now = words.place(rounded(p, 4))
    changes = any(words.place(rounded(after[answer], 4)) != now
                  for chance, after in zip(one.chances, one.ratings, strict=True) if chance > 0.0)  # fmt: skip
    bits = information(one.chances, one.ratings)
    row: dict[str, Any] = {"check": one.text, "bits": rounded(bits, 4) if bits >= LEAST_BITS else 0.0,
                           "changes_word": changes, "hours": None, "euros": None, "bits_per_hour": None}  # fmt: skip
    for rule in account.policy.checks:
        if rule.check == one.kind and (not rule.types or one.type in rule.types):
            effect = rule.effect[0]
            row |= {"hours": effect.hours, "euros": effect.euros, "bits_per_hour": rounded(bits / effect.hours, 4)}
            break
    return row


def _says(k: int) -> Floats:
    """What a reading leaves on the alternatives, (K, K): column v says that it is v."""
    return np.where(np.eye(k, dtype=bool), 0.0, -READ)


def _new_origins(account: Account, unit: int) -> list[Possible]:
    """One more independent origin of each source type, read directly, at its type's base numbers."""
    scored, policy = account.scored, account.policy
    root = int(account.nodes_of[unit][0])
    common = policy.constants["common-error"]
    guess = scored.priors.guess[:, unit][:, None]
    heard = scored.up.below[:, [root]]
    crowds = {int(scored.paths.a[n]): int(n) for n in account.children[unit] if scored.paths.kind[n] == CROWD}
    says, guesses = _says(scored.k), np.repeat(guess, scored.k, axis=1)
    found = []
    for code, name in enumerate(scored.coded.type_ids):
        phi = base_fidelity(policy, name)
        if phi <= 0.0 or common <= 0.0:
            continue
        link = min(phi / common, 1.0)
        crowd = crowds.get(code)
        if crowd is None:
            reaching = heard + attenuate(says, np.full(scored.k, link), guesses)
            chances = (link * scored.apparent[:, [unit]] + (1.0 - link) * guess)[:, 0]
        else:
            share = np.full(scored.k, np.sqrt(link))
            member = attenuate(says, share, guesses)
            joined = attenuate(scored.up.below[:, [crowd]] + member, share, guesses)
            reaching = heard - scored.up.sent[:, [crowd]] + joined
            chances = (share[0] * scored.node_p[:, [crowd]] + (1.0 - share[0]) * guess)[:, 0]
        ratings = _ratings(account, unit, reaching)
        found.append(Possible(origin_of_type(name), tuple(chances.tolist()), _each(ratings), "origin", name))
    return found


def origin_of_type(name: str) -> str:
    """The check's text for one more origin."""
    return f"an independent origin of type {name}"


def base_fidelity(policy: Policy, name: str) -> float:
    """A type's φ at its base numbers."""
    effect = policy.types[name].effect[0]
    return float(fidelity_of(np.array(effect.p), np.array(effect.p0)))


def _each(ratings: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(one) for one in ratings.T.tolist())


def _ratings(account: Account, unit: int, reaching: Floats) -> Floats:
    """The ratings (K, n) after each column of what then reaches the common-error node."""
    scored = account.scored
    n = reaching.shape[1]
    common = np.full(n, account.policy.constants["common-error"])
    prior = np.repeat(scored.priors.prior[:, [unit]], n, axis=1)
    return posterior(np.log(prior) + attenuate(reaching, common, prior))


def _confirmed(account: Account, unit: int) -> list[Possible]:
    """Each relay confirmed with whom it passes on: we then know what that one said."""
    scored = account.scored
    trie, kind = scored.paths.trie, scored.paths.kind
    found, seen = [], set()
    for node in account.nodes_of[unit].tolist():
        above = int(trie.parent[node])
        if kind[node] != RELAY or scored.parameters.channels.fidelity[node] >= 1.0:
            continue
        while kind[above] == HEDGE:
            above = int(trie.parent[above])
        if above in seen:
            continue
        seen.add(above)
        channels = scored.parameters.channels
        again = np.full(scored.k, above)
        sent = attenuate(_says(scored.k), channels.fidelity[again], channels.guess[:, again])
        world, _ = replaced_each(trie, channels, scored.up, sent, again)
        ratings = posterior(np.log(scored.priors.prior[:, np.full(scored.k, unit)]) + world)
        text = confirmed(account, above)
        found.append(Possible(text, tuple(scored.node_p[:, above].tolist()), _each(ratings), "relay"))
    return found


def confirmed(account: Account, node: int) -> str:
    """The text of a check: ask whom relays name what they passed on."""
    relays = [account.labels[child] for child in _relays_of(account, node)]
    return f"confirm with {account.labels[node]} what {' and '.join(dict.fromkeys(relays))} passed on"


def _relays_of(account: Account, node: int) -> list[int]:
    """The relays right below a node, past hedges."""
    trie, kind = account.scored.paths.trie, account.scored.paths.kind
    found: list[int] = []
    for child in np.flatnonzero(trie.parent == node).tolist():
        found += _relays_of(account, child) if kind[child] == HEDGE else [child]
    return found


def _settled(account: Account, unit: int) -> list[Possible]:
    """Each undecided condition on an origin or relay settled: what the rating would be for each answer."""
    by_question: dict[tuple[int, str], list[Answer]] = {}
    for answer in answers(account).get(unit, ()):
        by_question.setdefault((answer.node, answer.fact), []).append(answer)
    found = []
    for (node, fact), options in sorted(by_question.items()):
        total = sum(option.share for option in options)
        chances = tuple(option.share / total for option in options)
        found.append(Possible(settled(account, node, fact), chances, tuple(one.ratings for one in options), "fact"))
    return found


def settled(account: Account, node: int, fact: str) -> str:
    """The text of a check: settle what nobody knew of a link; of a relay's, whose word it passed on."""
    rule = account.policy.facts.get(fact)
    asked = rule.question if rule is not None and rule.question else fact
    whose = int(account.origin_of[node])
    passed = "" if whose in (node, -1) else f" on what {account.labels[whose]} said"
    return f"{SETTLE}{account.labels[node]}{passed}: {asked}"
