"""A finished set as the beginning of a larger one: its reports are read again, its ratings kept where nothing changed.

A rating is a function of its claim's reports, which its digest covers: where the digest is the same, so is the rating.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.kept_articles import ARTICLES, KeptArticle, read_articles
from reliability.batch.outputs import NOT_THERE, REPORTS, digest_of
from reliability.batch.prepare import FILE_BITS
from reliability.batch.raw import AT_ONCE, RawBatch
from reliability.batch.schema import MOVED, RATINGS
from reliability.batch.spill import Spill
from reliability.batch.tables_parquet import ArrowColumns
from reliability.batch.workplace import MANIFEST
from reliability.errors import InputError, UsageError
from reliability.model.base import canonical_json, sha256

SAME = ("intervals", "form")
TABLE = "reports.parquet"
FRESH = pa.schema([("claim", pa.string()), ("ids", pa.list_(pa.string()))])
"""The new reports of claims that were there before or are new, in claim-id order."""
_MOST_IDS = 20
_SHOWN = ("p", "weight_db", "icd203", "confidence", "reports")


@dataclass(frozen=True)
class Before:
    """A finished set."""

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, now: dict[str, Any]) -> Before:
        """Open a finished set. `now` are the rules, versions and options of the run that is to go on from it.

        Raises UsageError for a folder that holds none, or one that was made by other rules, versions or options;
        InputError where a table of it has not the digest that the manifest says.
        """
        where = f"--since {folder}"
        if not (folder / MANIFEST).is_file():
            raise UsageError(where, problem="holds no finished run", remedy="name the --out of an earlier run")
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            made = {name: manifest[name] for name in ("rules", "engine", "libraries")}
            options = {name: manifest["options"][name] for name in SAME}
            outputs = {**manifest["outputs"]}
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(folder / MANIFEST, problem=f"is no manifest of ours ({error})",
                             remedy="rate the whole set") from None  # fmt: skip
        made |= options
        other = sorted(name for name in made if made[name] != now[name])
        if other or manifest["options"]["form"] != "parquet":
            raise UsageError(where, problem=f"was rated with other {', '.join(other) or 'form'}",
                             remedy="rate the whole set anew")  # fmt: skip
        for name in (TABLE, "ratings.parquet", ARTICLES):
            if digest_of(folder / name) != outputs.get(name, NOT_THERE):
                raise InputError(folder / name, problem="is not as its run left it", remedy="rate the whole set anew")
        return cls(folder, manifest)

    @property
    def digest(self) -> str:
        """What stands for it: the digest of its manifest, which has those of its tables."""
        return "sha256:" + sha256(canonical_json(self.manifest))

    @cached_property
    def articles(self) -> list[KeptArticle]:
        """Its articles, by id."""
        return read_articles(self.folder / ARTICLES)

    @cached_property
    def files(self) -> list[str]:
        """The names of the files that its reports were read from, in order of name."""
        names = {one.file for one in self.articles}
        with pq.ParquetFile(self.folder / TABLE) as file:
            for batch in file.iter_batches(AT_ONCE, columns=["file"]):
                names |= set(pc.unique(batch.column("file")).to_pylist())
        return sorted(names)

    @property
    def n_rows(self) -> int:
        """How many reports it has."""
        with pq.ParquetFile(self.folder / TABLE) as file:
            n: int = file.metadata.num_rows
        return n

    def batches(self, without: Collection[str] = ()) -> Iterator[tuple[RawBatch, NDArray[np.int64]]]:
        """Its reports as they were read, some at a time, with their places: files are numbered as in `files`.

        Those of some files are left out.
        """
        aside = pa.array(sorted(without), type=pa.string())
        columns = ArrowColumns(REPORTS)
        number = pa.array(self.files, type=pa.string())
        with pq.ParquetFile(self.folder / TABLE) as file:
            for every in file.iter_batches(AT_ONCE):
                batch = every.filter(pc.invert(pc.is_in(every.column("file"), aside)))
                if not batch.num_rows:
                    continue
                line = batch.column("line").to_numpy(zero_copy_only=False)
                files = pc.index_in(batch.column("file"), number).to_numpy(zero_copy_only=False).astype(np.int64)
                rows = pa.Table.from_batches([as_read(batch).select(REPORTS.names)]).cast(REPORTS)
                yield columns.batch(rows.combine_chunks().to_batches()[0], 1), (files << FILE_BITS) + line

    def ratings(self) -> Iterator[pa.Table]:
        """Its ratings, some at a time, in claim-id order."""
        with pq.ParquetFile(self.folder / "ratings.parquet") as file:
            for batch in file.iter_batches(AT_ONCE):
                yield pa.Table.from_batches([batch]).cast(RATINGS)

    def known(self, folder: Path, bits: int) -> None:
        """Its ratings in buckets of their claims' hashes, on disk."""
        spill = Spill(folder, bits, RATINGS)
        for rows in self.ratings():
            spill.put_by(rows, rows["claim"])
        spill.close()


def as_read(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of reports.parquet with the fields that they were read with in place of those that grouping gave them."""
    table = pa.Table.from_batches([batch])
    changed = np.flatnonzero(table["as_read"].is_valid().to_numpy())
    if not changed.size:
        return batch
    fields = [json.loads(text) for text in table["as_read"].take(pa.array(changed)).to_pylist()]
    for name in ("claim", "stance", "question", "alternative"):
        values = table[name].to_pylist()
        for at, one in zip(changed.tolist(), fields, strict=True):
            values[at] = one.get(name)
        table = table.set_column(table.column_names.index(name), name, pa.array(values, type=pa.string()))
    return table.combine_chunks().to_batches()[0]


def fresh_rows(rows: pa.Table, first_place: int) -> pa.Table:
    """FRESH of rated rows (ROWS): the ids of reports from `first_place` on, at most 20 a claim, by claim."""
    new = rows.filter(pc.greater_equal(rows["place"], first_place))
    answer = pc.binary_join_element_wise(new["question"], new["alternative"], "=")
    claim = pc.coalesce(new["claim"], answer)
    found: dict[str, list[str]] = {}
    for name, key in zip(claim.to_pylist(), new["key"].to_pylist(), strict=True):
        found.setdefault(name, []).append(key)
    table = [{"claim": name, "ids": sorted(found[name])[:_MOST_IDS]} for name in sorted(found, key=str.encode)]
    return pa.Table.from_pylist(table, schema=FRESH)


def moved(before: Iterator[pa.Table], after: Iterator[pa.Table], fresh: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """MOVED: claims whose rating is another than before, new, or gone, and why. All come in claim-id order."""
    old, new = _Upto(before, RATINGS), _Upto(fresh, FRESH)
    for rows in after:
        last = rows["claim"][-1].as_py()
        yield _moved(old.take(last), rows, new.take(last))
    yield _moved(old.take(None), RATINGS.empty_table(), FRESH.empty_table())


class _Upto:
    """Tables in claim-id order, taken claim by claim."""

    def __init__(self, tables: Iterator[pa.Table], schema: pa.Schema) -> None:
        self._tables, self._held, self._over = tables, schema.empty_table(), False

    def take(self, last: str | None) -> pa.Table:
        """All rows up to a claim that were not taken yet; None takes all."""
        while not self._over and (last is None or not self._reaches(last)):
            more = next(self._tables, None)
            self._over = more is None
            if more is not None:
                self._held = pa.concat_tables([self._held, more])
        n = self._held.num_rows
        if last is not None and n:
            n = pc.sum(pc.less_equal(self._held["claim"], pa.scalar(last))).as_py() or 0
        found, self._held = self._held.slice(0, n), self._held.slice(n)
        return found

    def _reaches(self, last: str) -> bool:
        claim: str | None = self._held["claim"][-1].as_py() if self._held.num_rows else None
        return claim is not None and claim.encode() > last.encode()


def _moved(before: pa.Table, after: pa.Table, fresh: pa.Table) -> pa.Table:
    at = pc.index_in(after["claim"], before["claim"]).combine_chunks()
    other = at.is_null()
    old = before.take(at)
    for name in (*_SHOWN, "flags"):
        a, b = (_comparable(table[name]) for table in (old, after))
        same = pc.or_(pc.fill_null(pc.equal(a, b), False), pc.and_(a.is_null(), b.is_null()))
        other = pc.or_(other, pc.invert(same).combine_chunks())
    gone = before.filter(pc.invert(pc.is_in(before["claim"], one_array(after["claim"]))))
    ids = dict(zip(fresh["claim"].to_pylist(), fresh["ids"].to_pylist(), strict=True))
    rows = [_row(a if a["claim"] is not None else None, b, ids.get(b["claim"], []))
            for a, b in zip(old.filter(other).to_pylist(), after.filter(other).to_pylist(), strict=True)]  # fmt: skip
    rows += [_row(one, None, []) for one in gone.to_pylist()]
    return pa.Table.from_pylist(sorted(rows, key=lambda one: one["claim"].encode()), schema=MOVED)


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join(column, "\n") if pa.types.is_list(column.type) else column


def _row(old: dict[str, Any] | None, new: dict[str, Any] | None, ids: Sequence[str]) -> dict[str, Any]:
    a, b = old or {}, new or {}
    gained = sorted({*b.get("flags", ())} - {*a.get("flags", ())})
    lost = sorted({*a.get("flags", ())} - {*b.get("flags", ())})
    return {
        "claim": (new or a)["claim"], "text": (new or a)["text"], "why": _why(old, new, ids, gained, lost),
        **{f"{name}_before": a.get(name) for name in _SHOWN}, **{f"{name}_after": b.get(name) for name in _SHOWN},
        "new_reports": list(ids), "flags_gained": gained, "flags_lost": lost,
    }  # fmt: skip


def _why(
    old: dict[str, Any] | None, new: dict[str, Any] | None, ids: Sequence[str], gained: list[str], lost: list[str]
) -> str:
    if old is None:
        return "a new claim"
    if new is None:
        return "its reports belong to another claim now"
    more = new["reports"] - old["reports"]
    parts = []
    if more:
        noun = "report" if abs(more) == 1 else "reports"
        parts.append(f"{abs(more):,} {noun} {'more' if more > 0 else 'fewer'}")
    elif ids:
        parts.append("other reports")
    parts += [f"now {flag}" for flag in gained] + [f"no longer {flag}" for flag in lost]
    return "; ".join(parts) or "reports of its question"
