"""Writing: whole files or none, rejects, and records in every format."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from reliability.errors import InputError
from reliability.io.reports_out import csv_line
from reliability.io.rows import Reject
from reliability.io.visible import json_text, visible

RecordFormat = Literal["json", "jsonl", "csv", "markdown"]

COLUMNS: tuple[str, ...] = (
    "claim_id", "text", "kind", "question", "p", "low", "high", "icd203", "phia", "confidence", "weight_db",
    "assessed", "value_low", "value_best", "value_high", "unit", "at_least", "origins", "chains", "flags",
    "n_reports", "n_outlets", "n_origins", "n_independent", "reports",
)  # fmt: skip
"""A rating record's flat columns; what holds several is joined with "; "."""

_MARKDOWN_COLUMNS = ("text", "origins", "p", "low", "high", "figure", "icd203", "confidence", "flags")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/(?:(stdout|stderr)|fd/(\d{1,4}))")


def write_atomically(path: Path, data: str | bytes) -> None:
    """Writes a file as a whole: to a temporary one beside it, to disk, then in its place.

    When anything fails, what stood there before still does, and the temporary file is gone. Text is UTF-8
    (a lone surrogate, as in odd file names, as \\uNNNN). A new file gets the rights of the user's umask, a replaced one
    keeps its own; a link is followed, and what is no file (/dev/stdout) written to as it is.
    Raises InputError when the place can't be written.
    """
    content = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
    temporary: str | None = None
    try:
        descriptor = _DESCRIPTOR.fullmatch(str(path))
        if descriptor is not None:  # whatever it stands for is open already, and not to be replaced
            number = {"stdout": 1, "stderr": 2}.get(descriptor[1]) or int(descriptor[2])
            with os.fdopen(os.dup(number), "wb") as file:
                file.write(content)
            return
        if path.exists() and not path.is_file():  # a terminal, a pipe
            path.write_bytes(content)
            return
        place = Path(os.path.realpath(path))
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:100]}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _rights(place))
        os.replace(temporary, place)
        temporary = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            path, problem=f"can't be written ({reason})", remedy="check the folder and its rights"
        ) from None
    finally:
        if temporary is not None:
            os.unlink(temporary)


def _rights(place: Path) -> int:
    if place.exists():
        return place.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """The rejects as JSON Lines with file, line, reason and raw, in their order; written as a whole."""
    write_atomically(path, dump_rejects(rejects))


def dump_rejects(rejects: Iterable[Reject]) -> str:
    """The rejects as JSON Lines."""
    return "".join(_line(asdict(reject)) for reject in rejects)


def dump_records(records: Sequence[dict[str, Any]], form: RecordFormat) -> str:
    """Rating records as text: `json` (a list), `jsonl` (a line each), `csv` or `markdown` (a row each).

    JSON keeps every field in its order; the tables have `COLUMNS`. In CSV a *text* cell that starts with =, +, -, @,
    a tab or a line break gets an apostrophe before it, so that a spreadsheet does not take it for a formula; numbers
    stay as they are. In Markdown, characters that mean something are escaped, and unseen ones shown as escapes.
    Raises ValueError for NaN or an infinity.
    """
    match form:
        case "json":
            return json_text(list(records), indent=2) + "\n"
        case "jsonl":
            return "".join(map(_line, records))
        case "csv":
            rows = ([_csv_cell(flat[column]) for column in COLUMNS] for flat in map(flat_record, records))
            return csv_line(COLUMNS) + "".join(map(csv_line, rows))
        case "markdown":
            return _markdown([flat_record(record) for record in records])


def flat_record(record: dict[str, Any]) -> dict[str, Any]:
    """A rating record as one row: `COLUMNS`, lists joined with "; ", None for what does not apply."""
    claim, rating, counts = record["claim"], record["rating"], record.get("counts") or {}
    quantity = record.get("quantity") or {}
    origins = [f"{one['origin']} ({one['stance']})" for one in record.get("said_so") or ()]
    return {
        "claim_id": claim["id"],
        **{key: claim.get(key) for key in ("text", "kind", "question")},
        **{key: rating.get(key) for key in ("p", "low", "high", "icd203", "phia", "weight_db", "assessed")},
        "confidence": (rating.get("analytic_confidence") or {}).get("level"),
        **{f"value_{key}": quantity.get(key) for key in ("low", "best", "high")},
        "unit": quantity.get("unit"),
        "at_least": _joined(f"{one['value']}: {one['p']}" for one in quantity.get("at_least") or ()),
        "figure": _figure(quantity),
        "origins": _joined(origins),
        "chains": _joined(_chains(record)),
        "flags": _joined(record.get("flags") or ()),
        **{f"n_{key}": counts.get(key) for key in ("reports", "outlets", "origins", "independent")},
        "reports": _joined(record.get("reports") or ()),
    }


def _figure(quantity: dict[str, Any]) -> str | None:
    """Best, low and high of a figure, and how likely there are at least so many, for the tables of Markdown."""
    if not quantity:
        return None
    more = (f"at least {one['value']}: {one['p']}" for one in quantity.get("at_least") or ())
    return "; ".join([f"{quantity['best']} ({quantity['low']}–{quantity['high']}) {quantity['unit']}", *more])


def _chains(record: dict[str, Any]) -> list[str]:
    """Each report's chain as `origin > relay > outlet`; where the record lists none, each way in its tree to a leaf."""
    if listed := record.get("chains"):
        return list(dict.fromkeys(" > ".join(one["links"]) for one in listed))
    tree = record.get("tree") or ()
    nodes = {node["node"]: node for node in tree}
    chains = []
    for leaf in (node for node in tree if node["evidence_db"] is not None):
        labels: list[str] = []
        at: dict[str, Any] | None = leaf
        while at is not None:
            if at["kind"] in ("origin", "relay", "outlet"):
                labels.append(at["label"])
            at = nodes.get(at["parent"])
        chains.append(" > ".join(reversed(labels)))
    return list(dict.fromkeys(chains))


def _joined(parts: Iterable[str]) -> str | None:
    return "; ".join(parts) or None


def _line(record: dict[str, Any]) -> str:
    return json_text(record) + "\n"


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, allow_nan=False)
    return text_cell(value)


def text_cell(text: str) -> str:
    """A text as a CSV cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    return "'" + text if text.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text


def markdown_text(text: str) -> str:
    """A text that Markdown shows as it is: on one line, without markup, HTML, links or unseen characters."""
    shown = visible(" ".join(text.split()))
    return "".join(f"\\{char}" if char in "\\|`*_[]~" else {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(char, char)
                   for char in shown)  # fmt: skip


def _markdown(rows: list[dict[str, Any]]) -> str:
    head = ["claim", "origins", "p", "low", "high", "figure", "ICD 203", "confidence", "flags"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        cells = (row[column] for column in _MARKDOWN_COLUMNS)
        lines.append(["" if cell is None else markdown_text(str(cell)) for cell in cells])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
