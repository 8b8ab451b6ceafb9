"""Processes that do a part of the work: begun from nothing, never without who began them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread, current_thread, main_thread
from typing import Any

_LOOKS = 1.0
"""Seconds between looks at whether who began a process is still there."""

_GIVEN: list[Any] = []


def pool(jobs: int, given: Any) -> ProcessPoolExecutor:
    """Some processes that all have been given the same thing."""
    return ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (os.getpid(), given))


def begun_by(readers: ProcessPoolExecutor, jobs: int, what: Callable[[], object]) -> None:
    """Begin all processes of a pool with something small, not one by one as there is work.

    An interrupt of the terminal goes to them too, before they can say that it is not theirs: what is ignored here as
    they are begun is ignored there from the first.
    """
    mine = signal.signal(signal.SIGINT, signal.SIG_IGN) if current_thread() is main_thread() else None
    try:
        for _ in range(jobs):
            readers.submit(what)
    finally:
        if mine is not None:
            signal.signal(signal.SIGINT, mine)


def given() -> Any:
    """In a process of a pool, what all were given."""
    return _GIVEN[0]


def _begin(parent: int, given: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began us ends us
    Thread(target=_end_with, args=(parent,), daemon=True).start()
    _GIVEN[:] = [given]


def _end_with(parent: int) -> None:
    """A killed parent can't say so, and others of the pool hold its pipes open: without this we would wait for ever."""
    while os.getppid() == parent:
        time.sleep(_LOOKS)
    os._exit(1)
