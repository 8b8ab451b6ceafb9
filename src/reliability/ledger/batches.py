"""Batches as entries: their table of ratings a row a line; they replay by running again, with the stored files.

The tables of batches are kept as they were written, and not rated a second time as records. A row is JSON with the
table's columns; a rating's bars and tree are made again from its reports when they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reliability.errors import InputError, MissingExtra
from reliability.ledger.blobs import file_pieces
from reliability.ledger.chain import Placed
from reliability.ledger.details import Options
from reliability.ledger.merkle import leaf_hash
from reliability.ledger.recording import Evidence, Tally, append_run, put_given
from reliability.ledger.store import Ledger

if TYPE_CHECKING:
    import pyarrow as pa

    from reliability.rules.policy import Policy
    from reliability.text.editing import Grouping

UNNOTED = "(not noted)"
"""What a run is found by, among rules, where nobody noted which acted."""
REPORTS, MANIFEST = "reports.parquet", "manifest.json"
AT_ONCE = 1 << 13
_MOST_MANIFEST = 100_000_000


def record_batch(
    ledger: Ledger, evidence: Evidence, out: Path, *, at: datetime, rules: Iterable[str] | None, by: str | None = None,
    note: str | None = None,
) -> Placed:  # fmt: skip
    """Adds a finished batch to the ledger: its files, policy, options, versions, and of its folder `out` the reports,
    the ratings a row a line, and the manifest, which has the digests of all that it gave.

    `rules` are those that acted, None where nobody knows. The evidence's own `reports` are not looked at. On disk when
    it returns. Raises InputError where a file was changed since it was read or written.
    """
    written = _manifest(out)
    tally = Tally(evidence.policy)
    tally.rules.update([UNNOTED] if rules is None else rules)
    with ledger.writing() as writing:
        put_given(ledger, writing, evidence)
        writing.put("reports", file_pieces(out / REPORTS, written[REPORTS]))
        tally.sources.update(_sources(out / REPORTS))
        ratings = ratings_in(out)
        writing.put("ratings", _tallied(ratings, tally))
        for _ in file_pieces(ratings, written[ratings.name]):
            pass
        writing.put("manifest", (out / MANIFEST).read_bytes())
        return append_run(ledger, writing, evidence, tally, at=at, by=by, note=note)


def run_again(files: Iterable[Path], policy: Policy, options: Options, grouping: Grouping | None, out: Path) -> Path:
    """Runs a batch of files again into a new folder; returns its table of ratings.

    Raises what a batch raises, MissingExtra without what it needs.
    """
    for package in ("pyarrow", "msgspec"):
        if find_spec(package) is None:
            raise MissingExtra("batch", "replaying a batch", package)
    from reliability.batch.asked import Asked
    from reliability.batch.run import run
    from reliability.io.kinds import find_inputs

    found, refused = find_inputs([str(path) for path in files])
    asked = Asked(
        files=found, refused=refused, policy=policy, grouping=grouping, publisher=options.publisher,
        as_of=None if options.as_of is None else date.fromisoformat(options.as_of), published=options.published,
        publisher_type=options.publisher_type, url=options.url, max_chars=options.max_chars,
        intervals=options.intervals,
    )  # fmt: skip
    run(asked, out, _Unheard())
    return ratings_in(out)


def ratings_in(out: Path) -> Path:
    """The table of ratings in a batch's folder."""
    return next((path for path in (out / "ratings.parquet", out / "ratings.jsonl") if path.exists()), out)


def lines_in(ratings: Path) -> Iterator[tuple[list[bytes], list[Any]]]:
    """The rows of a table of ratings, some at once: each as a line without its line feed, and with its fields."""
    import msgspec

    from reliability.batch.schema import RATINGS

    row = msgspec.defstruct("Row", RATINGS.names, gc=False)
    encode = msgspec.json.Encoder().encode
    found: Iterator[list[Any]]
    if ratings.suffix == ".parquet":
        found = (list(map(row, *(column.to_pylist() for column in batch.columns))) for batch in _batches(ratings))
    else:
        found = _from_jsonl(ratings, msgspec.json.Decoder(row).decode)
    for rows in found:
        yield list(map(encode, rows)), rows


def _from_jsonl(path: Path, decode: Callable[[bytes], Any]) -> Iterator[list[Any]]:
    with path.open("rb") as file:
        while lines := list(islice(file, AT_ONCE)):
            yield list(map(decode, lines))


def _tallied(ratings: Path, tally: Tally) -> Iterator[bytes]:
    for lines, rows in lines_in(ratings):
        for line in lines:
            tally.root.add(leaf_hash(line))
        tally.claims += [(row.claim, row.p, row.icd203) for row in rows]
        yield b"\n".join([*lines, b""])


def _sources(reports: Path) -> set[str]:
    """Every source that speaks in a table of reports."""
    import pyarrow.compute as pc

    found: set[str] = set()
    for batch in _batches(reports, ["provenance"]):
        links = pc.list_flatten(batch.column(0))
        found.update(pc.unique(pc.struct_field(links, "source")).to_pylist())
    return found


def _batches(path: Path, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(AT_ONCE, columns=columns)


def _manifest(out: Path) -> dict[str, str]:
    """The digests of what a batch gave, by name. Raises InputError for a folder that holds no finished run."""
    try:
        written = json.loads((out / MANIFEST).read_bytes()[:_MOST_MANIFEST])["outputs"]
        return {name: one["sha256"] for name, one in written.items()}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(out, problem="holds no finished batch", remedy="run the batch again") from None


class _Unheard:
    """A run that nobody watches."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing is said."""

    def advance(self, steps: int) -> None:
        """Nothing is said."""

    def remark(self, text: str) -> None:
        """Nothing is said."""
