"""Memory that nothing uses any more, given back to the system: allocators keep much of it."""

from __future__ import annotations

import ctypes
from functools import cache

import pyarrow as pa

_glibc = ctypes.CDLL(None)
"""NumPy's arrays come from the C library's allocator; only the GNU C library's can be told anything."""
_MMAP_THRESHOLD, _LARGE = -3, 4 << 20
_TRIM_THRESHOLD, _FREE = -1, 16 << 20


def give_back() -> None:
    """Give back what Arrow's pool and the C library hold; some microseconds where there is little."""
    pa.default_memory_pool().release_unused()
    if hasattr(_glibc, "malloc_trim"):
        _glibc.malloc_trim(0)


@cache
def keep_little() -> None:
    """From now on this process gives pieces of 4 MB and more back as they are freed, and keeps 16 MB that are free.

    Left alone, the GNU C library keeps pieces of up to 32 MB once it has seen such; and once it is told of a size, it
    gives back all but 128 kB at every turn, which is asked for again at once (mallopt(3)).
    """
    if hasattr(_glibc, "mallopt"):
        _glibc.mallopt(_MMAP_THRESHOLD, _LARGE)
        _glibc.mallopt(_TRIM_THRESHOLD, _FREE)
