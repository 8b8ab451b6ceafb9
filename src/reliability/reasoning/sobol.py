"""Sobol' points: numbers that fill a cube more evenly than random ones, the same in every run."""

from __future__ import annotations

import warnings
from functools import lru_cache

import numpy as np

from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

_BITS = 12


@lru_cache(maxsize=8)
def points(n: int, dimensions: int) -> Floats:
    """Sobol' points without scrambling, half a step on: (n, dimensions) in (0, 1); n is a power of two.

    To the bit those of scipy.stats.qmc.Sobol, whose import takes half a second: only claims with more sources than
    the table below has lines, and more than 4,096 points, are left to it.
    Source: Sobol' (1967); the order is Antonov & Saleev's (1979).
    """
    if dimensions > len(_DIRECTIONS) or n > 1 << _BITS:
        return _by_scipy(n, dimensions) + 0.5 / n
    numbers = np.zeros((1, dimensions), dtype=np.int64)
    for bit in range(n.bit_length() - 1):
        numbers = np.concatenate([numbers, numbers[::-1] ^ _directions(dimensions)[bit]])
    return numbers / (1 << _BITS) + 0.5 / n


def _by_scipy(n: int, dimensions: int) -> Floats:
    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Floats = qmc.Sobol(dimensions, scramble=False).random(n)
    return found


def _directions(dimensions: int) -> Ints:
    """What each bit of a point's number flips, as multiples of 2⁻¹²: (12, dimensions).

    A line's m grow by its polynomial's recurrence: m(k) = 2·c₁·m(k−1) ⊕ … ⊕ 2ˢ·m(k−s) ⊕ m(k−s), c its coefficients.
    """
    columns = []
    for polynomial, first in _DIRECTIONS[:dimensions]:
        m = list(first)
        for _ in range(_BITS - len(first)):
            new = m[-len(first)]
            for back in range(1, len(first) + 1):
                new ^= (polynomial >> (len(first) - back) & 1) * (m[-back] << back)
            m.append(new)
        columns.append([number << (_BITS - 1 - bit) for bit, number in enumerate(m[:_BITS])])
    return np.array(columns, dtype=np.int64).T


_DIRECTIONS = (
    (1, (1,) * _BITS),
    (3, (1,)),
    (7, (1, 3)),
    (11, (1, 3, 1)),
    (13, (1, 1, 1)),
    (19, (1, 1, 3, 3)),
    (25, (1, 3, 5, 13)),
    (37, (1, 1, 5, 5, 17)),
    (41, (1, 1, 5, 5, 5)),
    (47, (1, 1, 7, 11, 19)),
    (55, (1, 1, 5, 1, 1)),
    (59, (1, 1, 1, 3, 11)),
    (61, (1, 3, 5, 5, 31)),
    (67, (1, 3, 3, 9, 7, 49)),
    (91, (1, 1, 1, 15, 21, 21)),
    (97, (1, 3, 1, 13, 27, 49)),
    (103, (1, 1, 1, 15, 7, 5)),
    (109, (1, 3, 1, 15, 13, 25)),
    (115, (1, 1, 5, 5, 19, 61)),
    (131, (1, 3, 7, 11, 23, 15, 103)),
    (137, (1, 3, 7, 13, 13, 15, 69)),
    (143, (1, 1, 3, 13, 7, 35, 63)),
    (145, (1, 3, 5, 9, 1, 25, 53)),
    (157, (1, 3, 1, 13, 9, 35, 107)),
    (167, (1, 3, 1, 5, 27, 61, 31)),
    (171, (1, 1, 5, 11, 19, 41, 61)),
    (185, (1, 3, 5, 3, 3, 13, 69)),
    (191, (1, 1, 7, 13, 1, 19, 1)),
    (193, (1, 3, 7, 5, 13, 19, 59)),
    (203, (1, 1, 3, 9, 25, 29, 41)),
    (211, (1, 3, 5, 13, 23, 1, 55)),
    (213, (1, 3, 7, 3, 13, 59, 17)),
)
"""A dimension a line: a primitive polynomial over {0, 1}, its coefficients as bits, and the first numbers m.

Source: Joe & Kuo (2008), Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput.
30, 2635–2654, https://doi.org/10.1137/070709359; the first lines of their file new-joe-kuo-6.21201 under its licence:

Copyright (c) 2008, Frances Y. Kuo and Stephen Joe. All rights reserved. Redistribution and use in source and binary
forms, with or without modification, are permitted provided that the following conditions are met: redistributions of
source code must retain the above copyright notice, this list of conditions and the following disclaimer;
redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
disclaimer in the documentation and/or other materials provided with the distribution; neither the names of the
copyright holders nor the names of the University of New South Wales and the University of Waikato and its contributors
may be used to endorse or promote products derived from this software without specific prior written permission. This
software is provided by the copyright holders "as is" and any express or implied warranties, including the implied
warranties of merchantability and fitness for a particular purpose, are disclaimed. In no event shall the copyright
holders be liable for any damages arising in any way out of the use of this software, even if advised of the possibility
of such damage.
"""
