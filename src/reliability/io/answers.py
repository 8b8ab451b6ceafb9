"""Flat tables of answers: a row says which source gave which answer to which question."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from reliability.errors import UsageError
from reliability.io.flat import first_names, flat_rows
from reliability.io.kinds import packing_of
from reliability.io.problems import near
from reliability.io.rows import Reject
from reliability.io.streams import opened, reading
from reliability.model.report import MAX_TEXT

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """What a flat table calls its question, source and alternative."""

    question: str = "question"
    source: str = "source"
    alternative: str = "alternative"

    @property
    def names(self) -> tuple[str, str, str]:
        """The three, in order."""
        return self.question, self.source, self.alternative

    @classmethod
    def parse(cls, text: str) -> Columns:
        """`question=object,source=site,alternative=value`; what is not named keeps its own name.

        Raises UsageError for other names, and for one column in two places.
        """
        known = [one.name for one in fields(cls)]
        found: dict[str, str] = {}
        for part in text.split(","):
            name, equals, column = (piece.strip() for piece in part.partition("="))
            if name not in known or not equals or not column or name in found:
                raise UsageError(f"--columns {text}", problem=f"{part.strip()!r} is no NAME=COLUMN",
                                 remedy=f"NAME is one of {', '.join(known)}, each once{near(name, known)}")  # fmt: skip
            found[name] = column
        columns = cls(**found)
        if len(set(columns.names)) < len(columns.names):
            raise UsageError(
                f"--columns {text}", problem="one column stands for two things", remedy="name three columns"
            )
        return columns


@dataclass
class Coded:
    """Texts as codes, in the order in which they came: names[codes[i]] is the text of row i."""

    names: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    _code_of: dict[str, int] = field(default_factory=dict, repr=False)

    def add(self, text: str) -> None:
        """Take the next row's text."""
        code = self._code_of.setdefault(text, len(self.names))
        if code == len(self.names):
            self.names.append(text)
        self.codes.append(code)

    @property
    def array(self) -> Codes:
        """The codes, (n_rows,)."""
        return np.array(self.codes, dtype=np.int64)


@dataclass(frozen=True)
class Answers:
    """A flat table's good rows as codes, and its rejects."""

    question: Coded
    source: Coded
    alternative: Coded
    rejects: tuple[Reject, ...]


def is_flat(path: Path) -> bool:
    """Whether a file's first row has a source and no provenance: then it is no table of report records."""
    names = first_names(path)
    return "source" in names and "provenance" not in names


def read_answers(source: Path | BinaryIO, kind: str, columns: Columns, *, name: str | None = None) -> Answers:
    """The answers of a flat table, as `flat_rows` reads it; `name` is what rejects call it, by default its path."""
    where = name or (str(source) if isinstance(source, Path) else "-")
    if kind == "csv" and isinstance(source, Path) and (found := _faultless(source, columns)) is not None:
        return found
    question, given_by, alternative = Coded(), Coded(), Coded()
    rejects: list[Reject] = []
    for line, raw, cells in flat_rows(source, kind, columns.names, where):
        if isinstance(cells, str):
            rejects.append(Reject(where, line, cells, raw))
            continue
        question.add(cells[0])
        given_by.add(cells[1])
        alternative.add(cells[2])
    return Answers(question, given_by, alternative, tuple(rejects))


def _faultless(path: Path, columns: Columns) -> Answers | None:
    """A CSV table in which every row is good, read in a third of the time; None for any other, to be read with care."""
    question, given_by, alternative = Coded(), Coded(), Coded()
    try:
        with reading(str(path)), opened(path, packed=packing_of(path.name)) as stream:
            rows = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline="\n"), strict=True)
            header = [cell.strip() for cell in next(rows)]
            if len({*header}) < len(header) or not {*columns.names} <= {*header}:
                return None
            at = [header.index(column) for column in columns.names]
            for row in rows:
                if len(row) != len(header):
                    return None
                q, s, a = row[at[0]].strip(), row[at[1]].strip(), row[at[2]].strip()
                if not (q and s and a) or len(q) + len(s) + len(a) > MAX_TEXT:
                    return None
                question.add(q)
                given_by.add(s)
                alternative.add(a)
    except (csv.Error, StopIteration, UnicodeDecodeError):
        return None
    return Answers(question, given_by, alternative, ()) if question.codes else None
