"""DESIGN's formulas with a pencil: decibans, an origin's weight, channels, the common error, the word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .reading import BLOCS, MODIFIERS, NAMES, TYPES, WORDS, holds

COMMON, EVEN = 0.98, 0.5


def db_of(phi: float) -> float:
    return 10 * math.log10((1 + phi) / (1 - phi))


def phi_of(db: float) -> float:
    return (10 ** (db / 10) - 1) / (10 ** (db / 10) + 1)


def phi_of_record(p: float, p0: float = 0.5) -> float:
    ratio = p / (1 - p) / (p0 / (1 - p0))
    return max(0.0, (ratio - 1) / (ratio + 1))


@dataclass(frozen=True)
class Origin:
    """A source as the rules see it, with the sum of its weight: base, shifts, clamp."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    via: str = "paraphrase"
    stance: str = "asserts"
    hedge: str | None = None
    name: str = ""
    country: str | None = None
    bloc: str | None = None

    @property
    def seen(self) -> dict[str, Any]:
        return {"source_type": self.kind, "source": self.name or NAMES[self.kind], "via": self.via,
                "hedge": self.hedge, "hedged": self.hedge is not None, "stance": self.stance, "has_quantity": False,
                "n_links": 1, "country": self.country, "bloc": self.bloc, **self.facts}  # fmt: skip

    @property
    def fired(self) -> list[dict[str, Any]]:
        return [rule for rule in MODIFIERS if holds(rule["when"], self.seen)]

    def set_to(self, number: str) -> float | None:
        """What a rule sets the number to; of two the one that overrides the other."""
        setting = [rule for rule in self.fired if number in rule["effect"]]
        beaten = {name for rule in setting for name in rule.get("overrides", ())}
        left = [rule["effect"][number] for rule in setting if rule["id"] not in beaten]
        return left[0] if left else None

    @property
    def base_db(self) -> float:
        effect = TYPES[self.kind]["effect"]
        p = self.set_to("p")
        return db_of(phi_of_record(effect["p"] if p is None else p, effect.get("p0", 0.5)))

    @property
    def shifts(self) -> list[tuple[str, float]]:
        return [(rule["id"], rule["effect"]["shift_db"]) for rule in self.fired if "shift_db" in rule["effect"]]

    @property
    def raw_db(self) -> float:
        return self.base_db + sum(db for _, db in self.shifts)

    @property
    def cap_db(self) -> float:
        return float(TYPES[self.kind]["effect"]["cap_db"])

    @property
    def phi(self) -> float:
        """From the world: the clamped weight, held by the crowd's share and by a bloc that it joins by rule."""
        phi = phi_of(min(max(self.raw_db, 0.0), self.cap_db))
        if self.crowd_share is not None:
            phi = min(phi, COMMON * self.crowd_share)
        joined: list[float] = [
            rule["effect"]["ceiling"] for rule in BLOCS.values() if "when" in rule and holds(rule["when"], self.seen)
        ]
        return min([phi, *joined])

    @property
    def crowd_share(self) -> float | None:
        """A crowd's own channel: it and its member share the type's φ evenly."""
        effect = TYPES[self.kind]["effect"]
        if not TYPES[self.kind].get("crowd"):
            return None
        return math.sqrt(phi_of_record(effect["p"], effect.get("p0", 0.5)) / COMMON)

    @property
    def sum(self) -> str:
        parts = [f"{self.kind} {self.base_db:.2f} dB", *(f"{name} {db:+g}" for name, db in self.shifts)]
        numbers = {number: self.set_to(number) for number in ("p", "guess")}
        parts += [f"{number} {value} by rule" for number, value in numbers.items() if value is not None]
        return ", ".join(parts)

    @property
    def row(self) -> dict[str, Any]:
        row: dict[str, Any] = {"source": self.name or NAMES[self.kind]}
        if not self.name:
            row["type"] = self.kind
        if self.via != "paraphrase":
            row["via"] = self.via
        if self.hedge:
            row["hedge"] = self.hedge
        if self.facts:
            row["facts"] = self.facts
        return row


Message = tuple[float, float]
"""Likelihoods of what was read, were it so and were it not so."""


def through(message: Message, phi: float, guess: float = EVEN) -> Message:
    yes, no = message
    made_up = guess * yes + (1 - guess) * no
    return phi * yes + (1 - phi) * made_up, phi * no + (1 - phi) * made_up


def both(messages: Sequence[Message]) -> Message:
    yes, no = (math.prod(one[i] for one in messages) for i in (0, 1))
    return yes, no


def posterior(apparent: Message, prior: float = EVEN) -> float:
    """The common error guesses from the prior."""
    yes, no = through(apparent, COMMON, prior)
    return prior * yes / (prior * yes + (1 - prior) * no)


def said(stance: str) -> Message:
    return (0.0, 1.0) if stance == "denies" else (1.0, 0.0)


def lone(origin: Origin, *channels: tuple[float, float], prior: float = EVEN) -> float:
    """A claim that rests on one origin; channels (φ, guess) below it, from the leaf up."""
    message = said(origin.stance)
    for phi, guess in channels:
        message = through(message, phi, guess)
    chance = origin.set_to("guess")
    guess = EVEN if chance is None else (chance if origin.stance != "denies" else 1 - chance)
    share = origin.crowd_share
    if share:
        return posterior(through(through(message, origin.phi / COMMON / share, guess), share), prior)
    return posterior(through(message, origin.phi / COMMON, guess), prior)


def word_of(p: float, prior: float = EVEN) -> str | None:
    """ICD 203's word; None where the weight is less than a deciban."""
    if abs(10 * math.log10(p / (1 - p)) - 10 * math.log10(prior / (1 - prior))) < 1.0:
        return None
    return next((word for low, high, word in WORDS if low <= round(p, 4) < high), None)
