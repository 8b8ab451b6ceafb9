"""Sources files: who is who, as TOML or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reliability.errors import InputError
from reliability.io.csvrows import CsvReader
from reliability.io.problems import near, plain_reason
from reliability.io.streams import opened
from reliability.io.strict_json import BadJson, parse_json
from reliability.io.toml import read_toml
from reliability.io.visible import visible
from reliability.model.base import folded
from reliability.rules.schema import SourceEntry

FIELDS: tuple[str, ...] = tuple(SourceEntry.model_fields)
"""A source's fields, and the columns of a CSV table of sources, in order."""

_MAX_TOML = 50_000_000
_REMEDY = f"known: {', '.join(FIELDS)}"
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_sources_file(path: Path) -> tuple[SourceEntry, ...]:
    """The sources of a file: TOML with [[source]] tables, or CSV with a header of `FIELDS`, in its order.

    In CSV aliases are separated by `;`, facts and record are JSON objects, carries is true or false, and empty cells
    are missing.
    A name or alias stands once in a file (names are compared folded), but the same name may be entered again for
    another time (since, until).
    Raises InputError with the place: a wrong key or column, a wrong value, a name that stands twice, a TOML syntax
    error, an empty file, another ending.
    """
    ending = path.suffix.lower()
    if ending == ".toml":
        rows = _from_toml(path)
    elif ending == ".csv":
        rows = _from_csv(path)
    else:
        raise InputError(path, problem=f"a sources file is .toml or .csv, not {ending or 'without an ending'}",
                         remedy="rename it")  # fmt: skip
    entries = [(line, key, _entry(path, line, key, fields)) for line, key, fields in rows]
    if not entries:
        raise InputError(path, problem="holds no sources", remedy="add a [[source]] table, or a row")
    _refuse_doubles(path, entries)
    return tuple(entry for _, _, entry in entries)


Row = tuple[int | None, str | None, dict[str, Any]]


def _from_toml(path: Path) -> Iterator[Row]:
    tables = read_toml(path, _MAX_TOML)
    for key in tables:
        if key not in ("source", "pool"):  # pools are what was learned of kinds of sources: they move no rating
            problem = f"is not a key of a sources file{near(key, ['source'])}"
            raise InputError(path, key=key, problem=problem, remedy="a source is a [[source]] table")
    found = tables.get("source", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(
            path, key="source", problem="is not a list of tables", remedy="write [[source]], with two brackets"
        )
    for at, fields in enumerate(found):
        dates = {key: value.date() if hasattr(value, "date") else value for key, value in fields.items()}
        yield (
            None,
            f"source[{at}]",
            {key: _as_date(dates[key]) if key in ("since", "until") else dates[key] for key in dates},
        )


def _from_csv(path: Path) -> Iterator[Row]:
    with opened(path, packed=None) as stream:
        table = CsvReader(stream, str(path))
        for column in table.header:
            if column not in FIELDS:
                problem = f"is not a column of a sources file{near(column, FIELDS)}"
                raise InputError(path, line=1, key=column, problem=problem, remedy=_REMEDY)
        if "name" not in table.header:
            raise InputError(path, line=1, problem="the header has no column name", remedy=_REMEDY)
        for line, _, cells in table.rows():
            if isinstance(cells, str):
                raise InputError(path, line=line, problem=cells, remedy="mend the row")
            if len(cells) != len(table.header):
                problem = f"a row of {len(cells)} cells under a header of {len(table.header)}"
                raise InputError(path, line=line, problem=problem, remedy="mend the row")
            filled = {name: cell for name, cell in zip(table.header, cells, strict=True) if cell.strip()}
            yield line, None, {name: _cell(path, line, name, cell) for name, cell in filled.items()}


def _cell(path: Path, line: int, column: str, cell: str) -> Any:
    match column:
        case "aliases":
            return [alias for alias in cell.split(";") if alias.strip()]
        case "carries":
            return _TRUTH.get(cell.strip().casefold(), cell)
        case "since" | "until":
            return _as_date(cell.strip())
        case "facts" | "record":
            try:
                return parse_json(cell)
            except BadJson as error:
                raise InputError(path, line=line, key=column, problem=str(error), remedy="give a JSON object") from None
        case "type" | "bloc":
            return cell.strip()
    return cell


def _as_date(value: Any) -> Any:
    """A day given as a text becomes a date; anything else stays, for the model to refuse."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _entry(path: Path, line: int | None, key: str | None, fields: dict[str, Any]) -> SourceEntry:
    if isinstance(fields.get("aliases"), list):
        fields = {**fields, "aliases": tuple(fields["aliases"])}
    try:
        return SourceEntry.model_validate(fields, strict=True)
    except ValidationError as error:
        name = fields.get("name")
        place = f"{key} ({visible(name)[:60]})" if key is not None and isinstance(name, str) else key
        problem = plain_reason(error, {"": FIELDS})
        raise InputError(path, line=line, key=place, problem=problem, remedy=_REMEDY) from None


def _refuse_doubles(path: Path, entries: list[tuple[int | None, str | None, SourceEntry]]) -> None:
    """A name means one source: the same name or alias for two different names is an error, and so is a period twice."""
    owner: dict[str, str] = {}
    periods: set[tuple[str, date | None, date | None]] = set()
    for line, key, entry in entries:
        name = folded(entry.name)
        period = (name, entry.since, entry.until)
        again = period in periods
        periods.add(period)
        for called in (entry.name, *entry.aliases):
            first = owner.setdefault(folded(called), name)
            if first != name or again:
                problem = (
                    f"`{visible(called)}` stands twice: it is another source's name or alias, or the same entry again"
                )
                raise InputError(path, line=line, key=key, problem=problem, remedy="keep one of them")
