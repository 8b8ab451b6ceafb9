"""Kinds of input, told by a name's ending, and the files that paths stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reliability.errors import InputError
from reliability.io.rows import Reject
from reliability.io.streams import Packing, reading
from reliability.plugins import READERS, Plugin, plugin_named, plugins

Kind = Literal["txt", "md", "html", "docx", "pdf", "json", "jsonl", "csv", "parquet", "stix", "misp"]

KINDS: tuple[Kind, ...] = ("txt", "md", "html", "docx", "pdf", "json", "jsonl", "csv", "parquet", "stix", "misp")
"""Endings that are read: the first five are articles, .json that or reports, the others reports; .htm is .html.

.stix and .misp are JSON of these systems; as .json they are told by their content.
"""

TABLES: tuple[Kind, ...] = ("jsonl", "csv", "parquet")
"""Those of a report a row."""

SIDECAR = ".meta.toml"
_SAME: dict[str, Kind] = {"htm": "html"}
_PACKINGS: dict[str, Packing] = {"gz": "gz", "zst": "zst", "zstd": "zst"}
_ACCEPTED = (
    "give .txt, .md, .html, .docx or .pdf (articles), .jsonl, .csv or .parquet (reports) or .json (either, or a "
    "STIX bundle or MISP event), each also with .gz or .zst"
)


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read: `path` None is standard input; `packed` says how it is packed."""

    path: Path | None
    kind: Kind
    packed: Packing | None = None

    @property
    def name(self) -> str:
        """What messages call it: the path as given, or -."""
        return "-" if self.path is None else in_utf8(str(self.path))


@dataclass(frozen=True, slots=True)
class PluggedFile:
    """A file of a kind that an installed package reads."""

    path: Path
    reader: Plugin
    packed: Packing | None = None

    @property
    def name(self) -> str:
        """What messages call it: the path as given."""
        return in_utf8(str(self.path))

    @property
    def kind(self) -> str:
        """Its ending, and who reads it."""
        return f"{self.reader.name}, read by {self.reader.package}"


def in_utf8(path: str) -> str:
    r"""A path as messages and tables can hold it: bytes of its name that are not UTF-8 as \xNN."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def kind_of(name: str) -> tuple[Kind, Packing | None]:
    """The kind that a file's name ends in, in either case, and how it is packed (.gz, .zst).

    Raises InputError for any other ending, naming what is accepted.
    """
    ending, packed = _ending(name)
    ending = _SAME.get(ending, ending)
    if ending in KINDS:
        return ending, packed
    said = f"the ending .{ending} is none that is read" if ending else "has no ending that tells its kind"
    raise InputError(name, problem=said, remedy=_ACCEPTED + _of_packages())


def packing_of(name: str) -> Packing | None:
    """How a file is packed, by its name's last ending."""
    return _PACKINGS.get(name.rpartition(".")[2].lower())


def _ending(name: str) -> tuple[str, Packing | None]:
    parts = Path(name).name.lower().split(".")[1:]
    packed = packing_of(name) if parts else None
    if packed is not None:
        parts.pop()
    return parts[-1] if parts else "", packed


def _of_packages() -> str:
    endings = [f".{one.name} ({one.package})" for one in plugins() if one.group == READERS and one.name not in KINDS]
    return f", or {', '.join(endings)}" if endings else ""


def input_file(path: Path) -> InputFile | PluggedFile:
    """A file to read by its ending: of a kind of `KINDS`, or one that an installed package reads.

    Raises InputError for any other, PluginError where two packages read that ending.
    """
    ending, packed = _ending(str(path))
    if ending and _SAME.get(ending, ending) not in KINDS and (plugin := plugin_named(READERS, ending)) is not None:
        return PluggedFile(path, plugin, packed)
    return InputFile(path, *kind_of(str(path)))


def stem(name: str) -> str:
    """A file's name without its folder, its ending and .gz or .zst: the id of the article in it."""
    base = Path(name).name
    before, _, last = base.rpartition(".")
    if before and last.lower() in _PACKINGS:
        base = before
    return base.rpartition(".")[0] or base


def find_inputs(
    paths: Iterable[str | Path], input_format: str | None = None
) -> tuple[list[InputFile | PluggedFile], list[Reject]]:
    """The files that paths stand for, in the paths' order; a folder's by name, recursively.

    `-` is standard input, whose kind `input_format` gives (one of `KINDS`, also with .gz or .zst). In a folder
    hidden files and sidecars (NAME.meta.toml) are skipped; files of other kinds, and links that lead nowhere, become
    rejects without a line.
    A file that several paths stand for is read once.
    Raises InputError for a path that isn't there, a named file of another kind, a folder without files, and `-`
    without a format.
    """
    files: list[InputFile | PluggedFile] = []
    rejects: list[Reject] = []
    seen: set[str] = set()
    for given in paths:
        if not str(given):
            raise InputError("an empty path", problem="names nothing", remedy="is a variable unset? name a file")
        for path in [given] if str(given) == "-" else _expanded(Path(given)):
            key = os.path.realpath(path) if str(given) != "-" else "-"
            if key in seen:
                continue
            seen.add(key)
            try:
                files.append(_stdin(input_format) if key == "-" else _there(Path(path)))
            except InputError as error:
                if key == "-" or not os.path.isdir(given):
                    raise
                rejects.append(Reject(in_utf8(str(path)), None, f"{error.problem}; {error.remedy}", ""))
    return files, rejects


def _there(path: Path) -> InputFile | PluggedFile:
    file = input_file(path)
    with reading(file.name):
        path.stat()
    return file


def _stdin(input_format: str | None) -> InputFile:
    formats = ", ".join(KINDS)
    if input_format is None:
        problem = "what standard input holds is not told by an ending"
        raise InputError("-", problem=problem, remedy=f"say --input-format, one of {formats}")
    try:
        return InputFile(None, *kind_of(f"-.{input_format.lower().removeprefix('.')}"))
    except InputError:
        problem = f"--input-format {input_format} is none that is read"
        raise InputError("-", problem=problem, remedy=f"give one of {formats}") from None


def _expanded(path: Path) -> list[Path]:
    with reading(str(path)):
        if not path.is_dir():
            path.stat()
            return [path]
    found: list[Path] = []

    def refuse(error: OSError) -> None:
        with reading(str(error.filename or path)):
            raise error

    for folder, inner, names in os.walk(path, onerror=refuse):
        inner[:] = [name for name in inner if not name.startswith(".")]
        found.extend(
            Path(folder) / name for name in names
            if not name.startswith(".") and not _is_sidecar(name) and not _is_special(Path(folder) / name)
        )  # fmt: skip
    if not found:
        raise InputError(path, problem="is a folder without files to read", remedy="name another folder")
    return sorted(found, key=lambda one: one.relative_to(path).parts)


def _is_special(path: Path) -> bool:
    """Whether it is a pipe, a socket or a device: in a folder these are passed over, as reading them may never end."""
    return os.path.exists(path) and not os.path.isfile(path)


def _is_sidecar(name: str) -> bool:
    return name.lower().endswith(SIDECAR)
