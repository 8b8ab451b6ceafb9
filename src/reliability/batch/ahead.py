"""Things made one after another while others are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(things: Iterator[T]) -> Iterator[T]:
    """The same things: a thread makes the next while one is worked on, as Arrow does its work outside Python's lock.

    Raises what making one raises.
    """
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(_next, things)
        while one := coming.result():
            coming = thread.submit(_next, things)
            yield from one


def _next(things: Iterator[T]) -> list[T]:
    for one in things:
        return [one]
    return []
