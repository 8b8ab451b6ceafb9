"""From batches of unjudged rows to the kernel's rows: what is plainly good by columns, the rest one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability import api
from reliability.batch.book import JUDGE, NOTHING, Book
from reliability.batch.canonical import contents
from reliability.batch.raw import RawBatch
from reliability.batch.rows import NESTED, rows_of_reports
from reliability.batch.schema import CONTENT, ROWS
from reliability.batch.vetting import Mask, vouched
from reliability.io.reports import judged
from reliability.io.rows import Located, Notes, Reject
from reliability.model.base import sha256
from reliability.model.report import Report
from reliability.rules.policy import Policy

FILE_BITS = 40
"""A row's `place` is its file's number above so many bits, and its line in them."""
PREPARED = pa.schema([*(f for f in ROWS if f.name != "provenance"), ("provenance", pa.string()), ("chain", pa.int32()),
                      ("given", pa.bool_())])  # fmt: skip
"""ROWS whose chain is a code of the provenance book, or (-1) stands in `provenance`; `given`: the id was."""


@dataclass
class Preparer:
    """Judges rows under a policy, batch by batch. `notes` and `strange` add up what was noticed."""

    policy: Policy
    most: int = 1 << 20
    notes: Notes = field(default_factory=Notes)
    strange: dict[str, Counter[str]] = field(default_factory=lambda: {"provenance": Counter(), "quantity": Counter()})
    books: dict[str, Book] = field(init=False)

    def __post_init__(self) -> None:
        self.books = {name: Book(name, self.policy, self.most) for name in NESTED}

    def prepare(self, batch: RawBatch, file: int, name: str) -> tuple[pa.Table, list[Reject]]:
        """A batch's good rows as PREPARED (`unit` null where a text is to be grouped yet), in order, and its rejects.

        A reject's line is None for a file as a whole. `file` numbers the file in places, `name` is its name.
        """
        codes = {field: book.codes(batch) for field, book in self.books.items()}
        good = ~batch.suspect & vouched(batch.texts)
        for field_codes in codes.values():
            good &= field_codes != JUDGE
        good &= codes["provenance"] != NOTHING
        answers = batch.texts["question"].is_valid().to_numpy(zero_copy_only=False)
        answers = answers & batch.texts["alternative"].is_valid().to_numpy(zero_copy_only=False)
        good &= ~(answers & (codes["quantity"] != NOTHING))
        self.notes.n_rows += int(good.sum())
        self.notes.unknown_columns.update(batch.unknown)
        self._note_strange(codes, good)
        plain = self._plain(batch, {field: found[good] for field, found in codes.items()}, good, file)
        if good.all():
            return plain, []
        judged_rows, rejects = self._one_by_one(batch, np.flatnonzero(~good), file, name)
        both = pa.concat_tables([plain, judged_rows])
        return both.take(pc.sort_indices(both["place"])), rejects

    def reports(self, reports: Sequence[Report], places: Sequence[int]) -> pa.Table:
        """Report records as PREPARED."""
        rows = rows_of_reports(reports, places)
        columns = {name: rows[name] for name in ROWS.names}
        chains = [self.books["provenance"].code(text) for text in rows["provenance"].to_pylist()]
        code = pa.array([max(one, NOTHING) for one in chains], type=pa.int32())
        columns["provenance"] = pc.if_else(pc.equal(code, NOTHING), rows["provenance"], None)
        columns |= {"chain": code, "given": pa.array([report.id is not None for report in reports])}
        return pa.table(columns).select(PREPARED.names).cast(PREPARED)

    def located(self, found: Sequence[Located], file: int) -> tuple[pa.Table, list[tuple[int, Reject]]]:
        """Reports of one document as PREPARED, and those that the policy refuses with their places."""
        rejects: list[tuple[int, Reject]] = []
        good: list[tuple[int, Report]] = []
        for at, one in enumerate(found, start=1):
            place = (file << FILE_BITS) + (one.line or at)
            problem = api.report_problem(one.report, self.policy)
            if problem is None:
                good.append((place, one.report))
            else:
                rejects.append((place, Reject(one.file, one.line, problem, one.raw)))
        reports = [report for _, report in good]
        self._note(reports)
        return self.reports(reports, [place for place, _ in good]), rejects

    def _note(self, reports: Sequence[Report]) -> None:
        for names, seen in (("provenance", api.unknown_facts), ("quantity", api.unknown_units)):
            self.strange[names].update(seen(reports, self.policy))

    def _plain(self, batch: RawBatch, codes: dict[str, np.ndarray], good: Mask, file: int) -> pa.Table:
        keep = None if good.all() else pa.array(good)
        texts = {name: column if keep is None else column.filter(keep) for name, column in batch.texts.items()}
        n = int(good.sum())
        for name, usual in (("kind", "statement"), ("stance", "asserts")):
            texts[name] = texts[name].fill_null(usual)
        columns = dict(texts)
        ids = columns.pop("id")
        given = ids.is_valid()
        for name in NESTED if ids.null_count else ("quantity", "spans"):
            columns[name] = self._texts(name, codes[name])
        if ids.null_count:
            made = contents({name: columns[name] for name in CONTENT}).filter(ids.is_null()).to_pylist()
            keys = pa.array(["r-" + sha256(text)[:12] for text in made], type=pa.string())
            ids = pc.replace_with_mask(ids, ids.is_null(), keys) if n else ids
        answers = pc.and_(columns["question"].is_valid(), columns["alternative"].is_valid())
        columns["unit"] = pc.if_else(answers, columns["question"], columns["claim"])
        columns |= {"key": ids, "given": given, "chain": pa.array(codes["provenance"], type=pa.int32()),
                    "provenance": pa.nulls(n, pa.string()),
                    "place": pa.array((np.int64(file) << FILE_BITS) + batch.lines[good])}  # fmt: skip
        return pa.table(columns).select(PREPARED.names).cast(PREPARED)

    def _texts(self, name: str, codes: np.ndarray) -> pa.Array:
        """The canonical texts that codes of a field stand for."""
        if (codes == NOTHING).all():
            return pa.nulls(len(codes), pa.string())
        distinct, at = np.unique(codes, return_inverse=True)
        known = self.books[name].texts
        values = pa.array([None if code == NOTHING else known[code] for code in distinct.tolist()], type=pa.string())
        return values.take(pa.array(at.reshape(-1)))

    def _one_by_one(self, batch: RawBatch, rows: np.ndarray, file: int, name: str) -> tuple[pa.Table, list[Reject]]:
        reports: list[Report] = []
        places: list[int] = []
        rejects: list[Reject] = []
        for row in rows.tolist():
            found = judged(batch.row(row), name, self.notes, flat=batch.flat)
            if isinstance(found, Located):
                problem = api.report_problem(found.report, self.policy)
                if problem is None:
                    reports.append(found.report)
                    places.append((file << FILE_BITS) + int(batch.lines[row]))
                    continue
                found = Reject(name, found.line, problem, found.raw)
            rejects.append(found)
        self._note(reports)
        return self.reports(reports, places), rejects

    def _note_strange(self, codes: dict[str, np.ndarray], good: Mask) -> None:
        for field_name, counter in self.strange.items():
            strange = self.books[field_name].strange
            if not strange:
                continue
            found, counts = np.unique(codes[field_name][good], return_counts=True)
            for code, count in zip(found.tolist(), counts.tolist(), strict=True):
                counter.update(dict.fromkeys(strange.get(code, ()), count))
