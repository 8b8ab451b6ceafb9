"""The two operations on messages: add what children say, attenuate through a channel.

Messages are natural logs of likelihoods, alternatives first: shape (K, n) or (K, n, S) for S parallel draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reliability.errors import ScoringError

Floats = NDArray[np.float64]

DB = 10.0 / np.log(10.0)
"""Decibans in one natural unit of weight."""

READ_DB = 300.0
"""What we read with our own eyes: finite, so that contradictions stay defined."""


def attenuate(message: Floats, fidelity: Floats, guess: Floats) -> Floats:
    """What is left of messages after channels that pass them on or else guess.

    m(x) becomes φ·m(x) + (1 − φ)·Σ g(v)·m(v). Scaled by each node's greatest value, so that no sum overflows;
    where φ = 1 the message is passed on as it is, and what underflows is computed in logs.

    Shapes: message (K, n) or (K, n, S), fidelity (n,) or (n, S), guess (K, n); the result is as the message.
    Units: natural logs; fidelity in [0, 1]; guesses sum to 1 over K.
    Source: Schum (1994), cascaded inference; Hovy et al. (2013), equation 1.
    """
    if message.ndim == 3:
        guess = guess[:, :, None]
        if fidelity.ndim == 1:
            fidelity = fidelity[:, None]
    perfect = fidelity == 1.0
    if perfect.all():
        return message.copy()
    top = message.max(axis=0)
    finite = np.isfinite(top)
    if not finite.all():
        top = np.where(finite, top, 0.0)
    linear = _of_two(message) if len(message) == 2 and finite.all() else np.exp(message - top)
    guessed = np.einsum("k...,k...->...", np.broadcast_to(guess, linear.shape), linear)
    guessed *= 1.0 - fidelity
    linear *= fidelity
    linear += guessed
    vanished = not linear.all()
    with np.errstate(divide="ignore"):
        out: Floats = np.log(linear, out=linear)
    out += top
    if vanished:
        gone = np.isneginf(out)
        np.copyto(out, _in_logs(message, fidelity, guess), where=gone)
    if perfect.any():
        np.copyto(out, message, where=np.broadcast_to(perfect, out.shape))
    return out


def _in_logs(message: Floats, fidelity: Floats, guess: Floats) -> Floats:
    """The same in logs throughout: slower, and nothing vanishes that is not 0."""
    with np.errstate(divide="ignore"):
        guessed = np.logaddexp.reduce(np.log(guess) + message, axis=0)
        found: Floats = np.logaddexp(np.log(fidelity) + message, np.log1p(-fidelity) + guessed)
    return found


def _of_two(message: Floats) -> Floats:
    """exp(message − its greatest) for K = 2, to the bit: the greater of two is 1, so one exponential a node will do."""
    apart = message[0] - message[1]
    less, more = apart < 0.0, apart > 0.0
    np.negative(np.abs(apart, out=apart), out=apart)
    lesser = np.exp(apart, out=apart)
    linear = np.ones_like(message)
    np.copyto(linear[0], lesser, where=less)
    np.copyto(linear[1], lesser, where=more)
    return linear


def log_odds_db(p: Floats | float) -> Floats:
    """A probability's log-odds, or several ones', in decibans; ±inf at 1 and 0."""
    with np.errstate(divide="ignore"):
        found: Floats = DB * (np.log(p) - np.log1p(-p))
    return found


def check_channels(fidelity: Floats, guess: Floats) -> None:
    """Raise ScoringError unless every fidelity lies in [0, 1] and every guess is a distribution over K."""
    if fidelity.size and not ((fidelity >= 0.0) & (fidelity <= 1.0)).all():
        bad = fidelity[~((fidelity >= 0.0) & (fidelity <= 1.0))][0]
        raise ScoringError(problem=f"a fidelity of {bad:g} is outside [0, 1]", remedy="mend the number that sets it")
    if guess.size and not ((guess >= 0.0).all() and np.allclose(guess.sum(axis=0), 1.0, atol=1e-9)):
        raise ScoringError(problem="a guess is no distribution", remedy="guesses are at least 0 and sum to 1")


def posterior(log_weights: Floats) -> Floats:
    """Normalise over alternatives (axis 0): log weights of any scale become probabilities that sum to 1."""
    top = log_weights.max(axis=0)
    linear: Floats = np.exp(log_weights - np.where(np.isfinite(top), top, 0.0))
    linear /= linear.sum(axis=0)
    return linear
