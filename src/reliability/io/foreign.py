"""Documents of other systems among JSON rows: STIX bundles and MISP events are unfolded into report records.

They are told by their content, so `.json`, `.jsonl` and lists of them all work. Nothing but JSON is needed to read
them: objects are judged one by one, and one that is wrong is one reject, not the end of its bundle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from reliability.io.misp import is_misp, misp_rows
from reliability.io.rows import Notes, RawRow
from reliability.io.stix import is_stix, stix_rows

Foreign = Literal["stix", "misp"]


def unfolded(rows: Iterable[RawRow], notes: Notes, expected: Foreign | None = None) -> Iterator[RawRow]:
    """The rows, each bundle or event replaced by the reports in it; what says nothing to rate is counted in `notes`.

    With `expected`, rows that are no such document are bad rows.
    """
    for row in rows:
        found: Any = row.fields
        if found is None:
            yield row
        elif expected != "misp" and is_stix(found):
            yield from stix_rows(found, row.line, notes.passed_over)
        elif expected != "stix" and is_misp(found):
            yield from misp_rows(found, row.line, notes.passed_over)
        elif expected is None:
            yield row
        else:
            what = "a STIX bundle (an object with type bundle)" if expected == "stix" else "a MISP event"
            yield RawRow(row.line, row.raw, problem=f"is not {what}")
