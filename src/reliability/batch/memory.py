"""Memory that nothing uses any more, given back to the system: allocators keep much of it."""

from __future__ import annotations

import ctypes

import pyarrow as pa

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Of the GNU C library, whose allocator NumPy's arrays come from; other systems have none."""


def give_back() -> None:
    """Give back what Arrow's pool and the C library hold; some microseconds where there is little."""
    pa.default_memory_pool().release_unused()
    if _trim is not None:
        _trim(0)
