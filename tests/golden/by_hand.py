"""The design's two operations in plain Python, in probabilities, without anything of the package.

A message is what was heard about each answer, up to a factor: (1, 0) "it is so", (0, 1) "it is not so".
"""

from __future__ import annotations

from math import prod

Message = tuple[float, ...]

IT_IS_SO: Message = (1.0, 0.0)
IT_IS_NOT_SO: Message = (0.0, 1.0)
EVEN: Message = (0.5, 0.5)
COMMON_ERROR = 0.98
QUOTE, PARAPHRASE, TRANSLATION = 0.99, 0.97, 0.95


def through(fidelity: float, heard: Message, guess: Message | None = None) -> Message:
    """What is left of a message after a channel that passes it on, or else guesses (evenly, if nothing is said)."""
    chances = guess or (1.0 / len(heard),) * len(heard)
    guessed = sum(g * m for g, m in zip(chances, heard, strict=True))
    return tuple(fidelity * m + (1.0 - fidelity) * guessed for m in heard)


def together(*messages: Message) -> Message:
    """Messages that meet at one node multiply; scaled, so that a hundred of them stay numbers."""
    met = tuple(prod(parts) for parts in zip(*messages, strict=True))
    return tuple(m / sum(met) for m in met)


def rating(*messages: Message, prior: Message = EVEN) -> Message:
    """The probability of each answer: what arrives below the common error, and the common error."""
    weights = [p * m for p, m in zip(prior, together(*messages), strict=True)]
    apparent = [w / sum(weights) for w in weights]
    return tuple(COMMON_ERROR * a + (1.0 - COMMON_ERROR) * p for a, p in zip(apparent, prior, strict=True))


def from_world(fidelity: float) -> float:
    """A type's fidelity is measured from the world: what stands below the common error is divided by it."""
    return fidelity / COMMON_ERROR
