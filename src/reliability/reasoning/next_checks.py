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
from reliability.reasoning.settling import Answer, answers
from reliability.scoring.channel import READ_DB, Floats, attenuate, posterior
from reliability.scoring.origins import fidelity_of
from reliability.scoring.passes import replaced_each
from reliability.scoring.paths import CROWD, HEDGE, RELAY

READ = READ_DB * np.log(10.0) / 10.0
SAYS = np.array([[0.0, -READ], [-READ, 0.0]])
"""What a reading leaves on (true, false): column 0 asserts, column 1 denies."""
LEAST_BITS = 5e-5


@dataclass(frozen=True)
class Possible:
    """One check: its outcomes' chances and the rating after each, and which cost rule it has."""

    text: str
    chances: tuple[float, ...]
    ratings: tuple[float, ...]
    kind: str
    type: str | None = None


def next_checks(account: Account, unit: int) -> list[dict[str, Any]]:
    """Checks of one plain claim, most bits first; ties by text. Those that could tell nothing are left out.

    Each has `check`, `bits`, `changes_word` (could an outcome change the ICD 203 word), and, where a cost rule says
    so, `hours`, `euros`, `bits_per_hour`.
    """
    if account.scored.k != 2 or account.scored.coded.units[unit].alternatives is not None:
        return []
    found = [*_new_origins(account, unit), *_confirmed(account, unit), *_settled(account, unit)]
    p = float(account.scored.p[0, unit])
    rows = [_row(account, one, p) for one in found]
    return sorted((row for row in rows if row["bits"] > 0.0), key=lambda row: (-row["bits"], row["check"]))


def information(chances: Sequence[float], ratings: Sequence[float]) -> float:
    """Mutual information, in bits, of the world and an outcome: entropy before less the mean entropy after."""
    chance, after = np.array(chances), np.array(ratings)
    before = float(chance @ after)
    bits = _entropy(np.array([before]))[0] - float(chance @ _entropy(after))
    return max(0.0, float(bits))


def _entropy(p: Floats) -> Floats:
    found: Floats = (entr(p) + entr(1.0 - p)) / np.log(2.0)
    return found


def _row(account: Account, one: Possible, p: float) -> dict[str, Any]:
    words = account.scales.icd203
    now = words.place(rounded(p, 4))
    changes = any(words.place(rounded(after, 4)) != now for chance, after in zip(one.chances, one.ratings, strict=True)
                  if chance > 0.0)  # fmt: skip
    bits = information(one.chances, one.ratings)
    row: dict[str, Any] = {"check": one.text, "bits": rounded(bits, 4) if bits >= LEAST_BITS else 0.0,
                           "changes_word": changes, "hours": None, "euros": None, "bits_per_hour": None}  # fmt: skip
    for rule in account.policy.checks:
        if rule.check == one.kind and (not rule.types or one.type in rule.types):
            effect = rule.effect[0]
            row |= {"hours": effect.hours, "euros": effect.euros, "bits_per_hour": rounded(bits / effect.hours, 4)}
            break
    return row


def _new_origins(account: Account, unit: int) -> list[Possible]:
    """One more independent origin of each source type, read directly, at its type's base numbers."""
    scored, policy = account.scored, account.policy
    root = int(account.nodes_of[unit][0])
    common = policy.constants["common-error"]
    guess = scored.priors.guess[:, unit][:, None]
    heard = scored.up.below[:, [root]]
    crowds = {int(scored.paths.a[n]): int(n) for n in account.children[unit] if scored.paths.kind[n] == CROWD}
    found = []
    for code, name in enumerate(scored.coded.type_ids):
        kind = policy.types[name]
        effect = kind.effect[0]
        phi = float(fidelity_of(np.array(effect.p), np.array(effect.p0)))
        if phi <= 0.0 or common <= 0.0:
            continue
        link = min(phi / common, 1.0)
        crowd = crowds.get(code)
        if crowd is None:
            said = attenuate(SAYS, np.full(2, link), np.repeat(guess, 2, axis=1))
            chances = (link * scored.apparent[:, [unit]] + (1.0 - link) * guess)[:, 0]
            reaching = heard + said
        else:
            share = np.sqrt(link)
            member = attenuate(SAYS, np.full(2, share), np.repeat(guess, 2, axis=1))
            joined = attenuate(scored.up.below[:, [crowd]] + member, np.full(2, share), np.repeat(guess, 2, axis=1))
            reaching = heard - scored.up.sent[:, [crowd]] + joined
            told = scored.node_p[:, [crowd]]
            chances = (share * told + (1.0 - share) * guess)[:, 0]
        ratings = _ratings(account, unit, reaching)
        found.append(
            Possible(
                f"an independent origin of type {name}",
                tuple(chances.tolist()),
                tuple(ratings.tolist()),
                "origin",
                name,
            )
        )
    return found


def _ratings(account: Account, unit: int, reaching: Floats) -> Floats:
    """The rating after each column of what then reaches the common-error node."""
    scored = account.scored
    n = reaching.shape[1]
    common = np.full(n, account.policy.constants["common-error"])
    prior = np.repeat(scored.priors.prior[:, [unit]], n, axis=1)
    found: Floats = posterior(np.log(prior) + attenuate(reaching, common, prior))[0]
    return found


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
        twice = np.array([above, above])
        sent = attenuate(SAYS, channels.fidelity[twice], channels.guess[:, twice])
        world, _ = replaced_each(trie, channels, scored.up, sent, twice)
        ratings = posterior(np.log(scored.priors.prior[:, [unit, unit]]) + world)[0]
        relays = [account.labels[child] for child in _relays_of(account, above)]
        text = f"confirm with {account.labels[above]} what {' and '.join(dict.fromkeys(relays))} passed on"
        found.append(Possible(text, tuple(scored.node_p[:, above].tolist()), tuple(ratings.tolist()), "relay"))
    return found


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
        rule = account.policy.facts.get(fact)
        asked = rule.question if rule is not None and rule.question else fact
        text = f"settle for {account.labels[node]}: {asked}"
        total = sum(option.share for option in options)
        chances = tuple(option.share / total for option in options)
        found.append(Possible(text, chances, tuple(option.p for option in options), "fact"))
    return found
