"""Sources files, written: entries and what was learned of kinds of sources, as TOML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reliability.io.toml_out import toml_tables
from reliability.io.visible import visible
from reliability.model.base import Record
from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import Pool


def sources_toml(entries: Iterable[SourceEntry], pools: Sequence[Pool] = (), remarks: Iterable[str] = ()) -> str:
    """A sources file that reads back as these entries. `remarks` stand at its top as comments, a line each.

    What an entry does not say is left out, so that a name with a record alone adds to what is known.
    """
    head = "".join(f"# {visible(' '.join(line.split()))}\n" for line in remarks)
    tables = {"source": [_filled(entry) for entry in entries]}
    if pools:
        tables["pool"] = [_filled(pool) for pool in pools]
    return head + ("\n" if head else "") + toml_tables(tables)


def _filled(record: Record) -> dict[str, Any]:
    """A record's fields that are not at their defaults, in order; TOML has no null."""
    found: dict[str, Any] = record.model_dump(exclude_defaults=True, exclude_none=True)
    return found
