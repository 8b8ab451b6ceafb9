"""Rejects on disk, each with its place, and all of them in the order of their places."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import repeat
from pathlib import Path
from typing import Any

from reliability.batch.spill import to_disk
from reliability.io.rows import Reject
from reliability.io.visible import json_text


def write_placed(path: Path, rejects: Iterable[tuple[int, Reject]]) -> int:
    """Append rejects to a file, a line each; returns how many."""
    n = 0
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        for place, reject in rejects:
            file.write(json_text([place, asdict(reject)]) + "\n")
            n += 1
    return n


def merge_placed(paths: Sequence[Path], path: Path) -> None:
    """One file, on disk, of files that are each in order of place."""
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for one in heapq.merge(*(_read(path) for path in paths), key=lambda pair: pair[0]):
            file.write(json_text(list(one)) + "\n")
    to_disk(path)


def in_place_order(early: Sequence[Path], late: Sequence[Path]) -> Iterator[tuple[int, dict[str, Any], bool]]:
    """The rejects of files that are each in order of place, all so: place, record, whether it is one of `late`."""
    each = [zip(_read(path), repeat(paths is late)) for paths in (early, late) for path in paths if path.is_file()]
    for (place, record), is_late in heapq.merge(*each, key=lambda one: one[0][0]):
        yield place, record, is_late


def _read(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            place, record = json.loads(line)
            yield place, record
