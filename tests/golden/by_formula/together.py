"""Claims that rest on several: members of each bloc, of one group, and who was silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .claims import Claim
from .lone import named
from .reading import BLOCS, SOURCES, TYPES, holds, rules_of
from .sums import COMMON, Message, Origin, both, posterior, through, word_of


def member(entry: Mapping[str, Any]) -> Origin:
    via = "saw-it-ourselves" if TYPES[entry["type"]].get("news_outlet") else "paraphrase"
    return Origin(entry["type"], dict(entry.get("facts", {})), via, name=entry["name"], country=entry.get("country"),
                  bloc=entry.get("bloc"))  # fmt: skip


def members(name: str) -> list[Origin]:
    """The sources of a bloc, strongest first, at most two; crowds are no members."""
    found = [member(entry) for entry in SOURCES if entry.get("bloc") == name and "type" in entry
             and not TYPES[entry["type"]].get("crowd")]  # fmt: skip
    return sorted((one for one in found if one.phi > 0.1), key=lambda one: (-one.phi, one.name))[:2]


def weight(name: str, chosen: Mapping[str, Sequence[Origin]], above: float) -> Message:
    """What a bloc says: its members and inner blocs together, divided by what is above, through its ceiling."""
    own = min(1.0, BLOCS[name]["effect"]["ceiling"] / above)
    here = above * own
    parts = [through((1.0, 0.0), min(1.0, one.phi / here)) for one in chosen.get(name, ())]
    parts += [weight(inner, chosen, here) for inner, rule in BLOCS.items() if rule.get("inside") == name
              and touched(inner, chosen)]  # fmt: skip
    return through(both(parts), own)


def touched(name: str, chosen: Mapping[str, Sequence[Origin]]) -> bool:
    return bool(chosen.get(name)) or any(
        touched(inner, chosen) for inner, rule in BLOCS.items() if rule.get("inside") == name
    )


def of_blocs() -> list[Claim]:
    """Two members of each bloc; where a bloc holds others, one of each of two."""
    found = []
    for name, rule in BLOCS.items():
        chosen = {name: members(name)}
        if len(chosen[name]) < 2:
            inner = [one for one, other in BLOCS.items() if other.get("inside") == name and members(one)]
            chosen |= {one: members(one)[:1] for one in inner[:3]}
        voices = [one for some in chosen.values() for one in some]
        if len(voices) < 2 or "when" in rule:
            continue
        top = name
        while "inside" in BLOCS[top]:
            top = BLOCS[top]["inside"]
        p = posterior(weight(top, chosen, COMMON))
        why = f"{' and '.join(f'{one.name} φ {one.phi:.3f}' for one in voices)} under {rule['effect']['ceiling']}"
        found.append(Claim(name, [[one.row] for one in voices], p, why, word=word_of(p)))
    return found


def of_groups() -> list[Claim]:
    """Blocs by a fact: two sources of one group."""
    found = []
    for name, rule in BLOCS.items():
        if "when" not in rule:
            continue
        two = [Origin("defector-testimony", {rule["by"]: "the Fen circle"}),
               Origin("private-person", {rule["by"]: "the Fen circle"})]  # fmt: skip
        if not all(holds(rule["when"], one.seen) for one in two):
            continue
        ceiling = rule["effect"]["ceiling"]
        parts = [through((1.0, 0.0), one.phi / ceiling) for one in two]
        p = posterior(through(both(parts), ceiling / COMMON))
        found.append(Claim(name, [[one.row] for one in two], p, f"two of one group under {ceiling}", word=word_of(p)))
    return found


def of_silence() -> list[Claim]:
    """Who did not say so: 1 − c were it so and known, else 1; its channel guesses silence. An expert stands beside."""
    found = []
    for rule in rules_of("silence"):
        for given in (test["given"] for test in rule["test"] if test["expect"] == "fires"):
            facts = named(given)
            kind = given.get("source_type", "government")
            origin = Origin(kind, facts, "saw-it-ourselves" if TYPES[kind].get("news_outlet") else "paraphrase",
                            stance="silent")  # fmt: skip
            coverage, beside = rule["effect"]["coverage"], Origin("expert")
            heard = through((1.0 - coverage, 1.0), origin.phi / COMMON, 0.0)
            p = posterior(both([heard, through((1.0, 0.0), beside.phi / COMMON)]))
            why = f"1 − {coverage}·{origin.phi:.4f}/.98 were it so; beside it {beside.sum}"
            found.append(Claim(rule["id"], [[origin.row], [beside.row]], p, why, ("silent", "asserts"), word_of(p)))
            break
    return found
