"""Claims that rest on one source: a claim for each modifier, source type, hedge, way of passing on, and prior."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from .claims import Claim, claim
from .reading import COLUMNS, HEDGES, MODIFIERS, NAMES, RELAYS, TYPES, holds, rules_of
from .sums import COMMON, EVEN, Origin, lone, phi_of, posterior, through, word_of


def usable(kind: str) -> tuple[str, ...]:
    """Ways in which a source of this kind speaks as itself: a news outlet must have seen it."""
    if TYPES[kind].get("news_outlet"):
        return "saw-it-ourselves", "document"
    return () if kind in ("unknown", "unattributed") else ("paraphrase",)


def visible(origin: Origin) -> bool:
    """Whether a deciban more or less shows: between floor and cap, and not held by a crowd or bloc."""
    clear = 1.05 <= origin.raw_db <= origin.cap_db - 1.05
    return clear and origin.phi == phi_of(origin.raw_db) and phi_of(origin.raw_db + 1) < 0.97


def named(given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a test, without what is no fact."""
    return {name: one for name, one in given.items() if name not in COLUMNS}


NO_LONE_CHAIN = {
    "source",
    "bloc",
    "country",
    "has_quantity",
    "unit",
    "party",
    "hedge",
    "n_links",
    "hedged",
    "claim_class",
}
FIRING = [test["given"] for rule in MODIFIERS for test in rule["test"]
          if test["expect"] == "fires" and not set(test["given"]) & set(COLUMNS) - {"source_type"}]  # fmt: skip


def candidates(rule: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Origin]:
    """Origins on which the rule fires and shows, from its own tests, with another's facts beside."""
    for test in rule["test"]:
        given = {**other, **test["given"]}
        if test["expect"] != "fires" or set(given) & NO_LONE_CHAIN:
            continue
        for kind in TYPES:
            for via in usable(kind):
                origin = Origin(kind, named(given), given.get("via", via), given.get("stance", "asserts"))
                if holds(rule["when"], origin.seen) and visible(origin):
                    yield origin


def best(rule: Mapping[str, Any]) -> Origin | None:
    """Where a change of the rule shows, alone if it can, else with the fewest others; None where it shows nowhere."""

    def simplest(origin: Origin) -> tuple[Any, ...]:
        return len(origin.fired), len(origin.facts), origin.crowd_share is not None, abs(origin.raw_db - 5)

    alone: list[dict[str, Any]] = [{}]
    for others in (alone, FIRING):
        found = [origin for other in others for origin in candidates(rule, other)]
        if found:
            return min(found, key=simplest)
    return None


def of_modifiers() -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for rule in MODIFIERS:
        origin = best(rule)
        if origin is not None:
            family = rule["family"].split(".")[0]
            found.setdefault(family, []).append(claim(rule["id"], origin, lone(origin), origin.sum))
    return found


def of_types() -> list[Claim]:
    found = []
    for kind in TYPES:
        via = "saw-it-ourselves" if TYPES[kind].get("news_outlet") else "paraphrase"
        origin = Origin(kind, via=via)
        found.append(claim(kind, origin, lone(origin), f"(1 + φ)/2: {origin.sum}"))
    return found


def of_hedges() -> dict[str, list[Claim]]:
    """A lone hedged chain from even odds is ½ + φ·(h − ½), h the midpoint of the term's range."""
    found: dict[str, list[Claim]] = {}
    for rule in HEDGES:
        origin = Origin("court-record", hedge=rule["terms"][0])
        h = (rule["effect"]["low"] + rule["effect"]["high"]) / 2
        p = 0.5 + origin.phi * (h - 0.5)
        found.setdefault(rule["family"], []).append(claim(rule["id"], origin, p, f"½ + {origin.phi:.4f}·({h:.4f} − ½)"))
    return found


def of_relays() -> list[Claim]:
    found = []
    for rule in RELAYS:
        for test in (one["given"] for one in rule["test"] if one["expect"] == "fires"):
            facts = named(test)
            for kind in [test["source_type"]] if "source_type" in test else ["fact-checker", "media"]:
                if not TYPES[kind].get("carries"):
                    continue
                origin = Origin("international-organisation", via=test.get("via", "direct-quote"))
                seen = {"source_type": kind, "via": origin.via, "hedged": False, "n_links": 2, "stance": "asserts",
                        "has_quantity": False, **facts}  # fmt: skip
                fired = [one for one in RELAYS if holds(one["when"], seen)]
                if rule["id"] not in [one["id"] for one in fired]:
                    continue
                beaten = {name for one in fired for name in one.get("overrides", ())}
                (phi,) = (one["effect"]["fidelity"] for one in fired if "fidelity" in one["effect"]
                          and one["id"] not in beaten)  # fmt: skip
                factors = [one["effect"]["factor"] for one in fired if "factor" in one["effect"]]
                phi *= math.prod(factors)
                relay = {"source": NAMES[kind], "type": kind, **({"facts": facts} if facts else {})}
                found.append(claim(rule["id"], origin, lone(origin, (phi, EVEN)),
                                   f"(1 + {origin.phi:.4f}·{phi:.4f})/2", relay))  # fmt: skip
                break
            else:
                continue
            break
    return found


def of_priors() -> list[Claim]:
    found = []
    for rule in rules_of("priors"):
        effect = rule["effect"]
        if effect.get("of", "claim") != "claim":
            continue
        prior = effect["prior"]
        guess = {"even": EVEN, "prior": prior}.get(effect.get("guess", "even"), effect.get("guess"))
        origin = Origin("expert", {"claim_class": rule["when"]["claim_class"]})
        p = posterior(through((1.0, 0.0), origin.phi / COMMON, guess), prior)
        found.append(Claim(rule["id"], [[origin.row]], p, f"from {prior}: {origin.sum}", word=word_of(p, prior)))
    return found
