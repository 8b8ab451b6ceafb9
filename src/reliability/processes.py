"""Processes that do a part of the work: begun from nothing, never without who began them."""

from __future__ import annotations

import os
import pickle
import signal
import time
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.reduction import ForkingPickler
from threading import Thread
from typing import Any

_LOOKS = 1.0
"""Seconds between looks at whether who began a process is still there."""

_ENDING = (signal.SIGINT, signal.SIGTERM)
_GIVEN: list[Any] = []


class _Pool(ProcessPoolExecutor):
    """Processes that are begun with the first tasks, each as a whole: a signal that ends us waits until then, and until
    a process can take it. One that is half begun would say that its pickle was truncated.

    Where one is killed all are ended; one that was begun in that moment would wait for ever, and be waited for.
    """

    def submit(self, *arguments: Any, **named: Any) -> Future[Any]:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            return super().submit(*arguments, **named)
        finally:
            for process in list((self._processes or {}).values()) if self._broken else ():
                process.terminate()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def pool(jobs: int, given: Any) -> ProcessPoolExecutor:
    """Some processes that all have been given the same thing."""
    return _Pool(jobs, get_context("spawn"), _begin, (os.getpid(), _Packed(given)))


class _Packed:
    """What is given, as bytes until a process has begun: whoever begins it waits until its first objects are read, and
    these would wait for the modules that they are of.
    """

    def __init__(self, given: Any) -> None:
        self._given = given

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        return bytes, (bytes(ForkingPickler.dumps(self._given)),)


def given() -> Any:
    """In a process of a pool, what all were given."""
    return _GIVEN[0]


def _begin(parent: int, packed: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began us ends us
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    Thread(target=_end_with, args=(parent,), daemon=True).start()
    _GIVEN[:] = [pickle.loads(packed)]


def _end_with(parent: int) -> None:
    """A killed parent can't say so, and others of the pool hold its pipes open: without this we would wait for ever."""
    while os.getppid() == parent:
        time.sleep(_LOOKS)
    os._exit(1)
