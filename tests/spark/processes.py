"""Processes of a test's own, found by their parents and words, and the addresses that they listen on."""

from __future__ import annotations

import os
from pathlib import Path

_LISTENS = "0A"


def with_words(*words: bytes) -> list[int]:
    """The processes whose command has all of some words."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                line = (place / "cmdline").read_bytes()
            except OSError:
                continue
            if all(word in line for word in words):
                found.append(int(place.name))
    return sorted(found)


def ancestors(pid: int) -> set[int]:
    """The processes that a process comes from."""
    found: set[int] = set()
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            break
        found.add(pid)
    return found


def tree(pid: int) -> list[int]:
    """A process and all that come from it."""
    return [one for one in with_words() if one == pid or pid in ancestors(one)]


def listening(pids: list[int]) -> set[str]:
    """The addresses on which processes listen."""
    sockets = set()
    for pid in pids:
        try:
            sockets |= {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()}
        except OSError:
            continue
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text(encoding="utf-8").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENS and f"socket:[{fields[9]}]" in sockets:
                found.add(_address(fields[1].partition(":")[0]))
    return found


def _address(spelled: str) -> str:
    """An address as /proc spells it, by its last four bytes: those of IPv4, also within IPv6."""
    numbers = [str(int(spelled[at : at + 2], 16)) for at in range(len(spelled) - 2, len(spelled) - 10, -2)]
    return ".".join(numbers)
