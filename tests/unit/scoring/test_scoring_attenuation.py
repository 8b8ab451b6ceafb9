"""What a channel leaves of a message, by hand: passed on to the bit where nothing is lost, and else mixed."""

from __future__ import annotations

import numpy as np
import pytest

from reliability.scoring.channel import attenuate, posterior

EVEN = np.full((2, 3), 0.5)


def test_a_perfect_channel_passes_its_message_on_to_the_bit_beside_others() -> None:
    """At whatever scale: ordinary messages, some far below zero, and such as rule an alternative out."""
    rng = np.random.default_rng(1)
    message = rng.normal(-1.5, 4.0, (3, 300))
    message[0, :20], message[1, 20:40] = -np.inf, -90_000.0
    perfect = np.arange(300) % 2 == 0
    found = attenuate(message, np.where(perfect, 1.0, 0.5), np.full((3, 300), 1 / 3))
    assert found[:, perfect].tolist() == message[:, perfect].tolist()
    assert not (found[:, ~perfect] == message[:, ~perfect]).all(axis=0).any()


def test_what_every_alternative_rules_out_stays_ruled_out() -> None:
    """No message at all beside one: the column of −∞ is no number's business, and its neighbour has its own."""
    message = np.array([[-np.inf, 0.0, -np.inf], [-np.inf, -np.inf, 0.0]])
    found = attenuate(message, np.array([0.5, 0.5, 0.0]), EVEN)
    assert found[:, 0].tolist() == [-np.inf, -np.inf]
    assert np.exp(found[:, 1]).tolist() == pytest.approx([0.75, 0.25], abs=1e-15)
    assert np.exp(found[:, 2]).tolist() == pytest.approx([0.5, 0.5], abs=1e-15)


def test_one_fidelity_a_node_or_one_a_draw() -> None:
    message = np.log(np.array([[0.2, 0.5, 0.9], [0.6, 0.5, 0.1]]))
    fidelity = np.array([0.0, 0.4, 1.0])
    draws = np.repeat(message[:, :, None], 2, axis=2)
    alone = attenuate(message, fidelity, EVEN)
    both = attenuate(draws, fidelity, EVEN)
    each = attenuate(draws, np.repeat(fidelity[:, None], 2, axis=1), EVEN)
    for found in (both, each):
        assert found == pytest.approx(np.repeat(alone[:, :, None], 2, axis=2), abs=1e-15)
    assert np.exp(alone) == pytest.approx(np.array([[0.4, 0.5, 0.9], [0.4, 0.5, 0.1]]), abs=1e-15)


def test_the_posterior_is_of_any_scale() -> None:
    weights = np.log(np.array([[0.2, 0.9], [0.6, 0.1]])) + np.array([-5_000.0, 5_000.0])
    assert posterior(weights) == pytest.approx(np.array([[0.25, 0.9], [0.75, 0.1]]), abs=1e-9)
