"""Reading a rules folder: one TOML file a rule or a small family, in one folder a kind."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from os.path import isdir
from pathlib import Path
from typing import Any

from reliability.errors import RuleError
from reliability.model.base import folded
from reliability.rules.known_files import KnownFiles
from reliability.rules.named import policy_folder
from reliability.rules.places import Say, fault, refuse, rule_fault
from reliability.rules.schema import RULE_KINDS, Inheritance, Rule, Scenario, SourceEntry
from reliability.rules.validate import nearest, validated

MAX_FILE_BYTES = 1_000_000
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_ID = re.compile(r"^\s*id\s*=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
SOURCES_FOLDER, POLICY_FILE = "sources", "policy.toml"
INHERITED = ".inherited"
"""A folder in an archived policy: what it inherits, whatever the name in its policy.toml has come to stand for."""
MAX_DEPTH = 8


_AT_MOST = 8
_KINDS = {kind.folder: kind for kind in RULE_KINDS}
KNOWN = KnownFiles(8_000_000)


@dataclass(frozen=True)
class Loaded:
    """A rules folder as read: the rules of each kind in id order, the sources, and one digest over every byte.

    `broken` has the ids that faulty files were to define: nobody else is to be told that they don't exist. `policies`
    has what was made of it and has no fault, by day: it is made and looked at once.
    """

    rules: dict[type[Rule], tuple[Rule, ...]]
    files: dict[str, str]
    sources: tuple[tuple[str, SourceEntry], ...]
    digest: str
    broken: frozenset[str] = frozenset()
    policies: dict[date | None, Any] = field(default_factory=dict, compare=False, repr=False)


REMEMBERED: dict[tuple[str, bool, str], Loaded] = {}
"""Folders that were read in this process and had no fault, by place, whether scenarios were read, and digest."""


def load_folder(folder: Path, depth: int = 0, say: Say = refuse, *, scenarios: bool = True) -> Loaded:
    """Read every rule of a folder; with a policy.toml, on top of the policy that it inherits: `shipped`, a folder, or a
    package's.

    A rule of an inherited one's kind and id takes its place. `scenarios` False leaves those unread. Says a RuleError,
    with file, key, place and remedy, for a file that is no TOML, a key that no rule has, a value out of range, or an id
    that stands twice; where `say` does not raise it, the rest is read. Raises RuleError for a folder without rules, or
    a policy.toml that inherits nothing. A folder without a policy.toml is remembered by every byte of it, so that a
    process which loads it again does not check it again.
    """
    if not isdir(folder):
        raise RuleError(folder, problem="is not a folder", remedy="give a folder that holds rules (--rules DIR)")
    contents, digest, unread = contents_of(folder, say)
    key = str(folder), scenarios, digest
    alone = say is refuse and not (folder / POLICY_FILE).exists()
    if alone and key in REMEMBERED:
        return REMEMBERED[key]
    own = _own(folder, contents, digest, unread, scenarios, say)
    if (folder / POLICY_FILE).exists():
        return _on_top(own, folder / POLICY_FILE, depth, say, scenarios)
    if not any(own.rules.values()):
        raise RuleError(folder, problem="holds no rules", remedy="point --rules at a folder like the shipped rules/")
    if alone:
        if len(REMEMBERED) >= _AT_MOST:
            REMEMBERED.pop(next(iter(REMEMBERED)))
        REMEMBERED[key] = own
    return own


def digest_of(folder: Path, depth: int = 0) -> str:
    """The digest that `load_folder` gives a folder, without looking at what its rules say.

    Raises RuleError for a file that can't be read, or a policy.toml that inherits nothing.
    """
    _, digest, _ = contents_of(folder, refuse)
    if not (folder / POLICY_FILE).exists():
        return digest
    start, _, data = inherited_by(folder / POLICY_FILE, depth)
    return _on_tops_digest(digest_of(start, depth + 1), digest, data)


def contents_of(folder: Path, say: Say) -> tuple[list[tuple[Path, bytes]], str, set[str]]:
    """A folder's files but for policy.toml, a digest over them, and the ids that unreadable ones were to define."""
    digest = hashlib.sha256()
    contents: list[tuple[Path, bytes]] = []
    unread: set[str] = set()
    for parts in _toml_files(folder):
        path = Path(folder, *parts)
        try:
            if not path.is_file() and path.exists():
                raise RuleError(path, problem="is no file", remedy="take it out, or name it otherwise")
            data = read_bytes(path)
        except RuleError as error:
            unread |= _meant(path)
            say(error)
            continue
        digest.update(f"{'/'.join(parts)}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
        contents.append((path, data))
    return contents, digest.hexdigest(), unread


def _toml_files(folder: Path) -> list[tuple[str, ...]]:
    """The ways from a folder to what is named .toml in it, but for policy.toml and hidden ones, in order."""
    found: list[tuple[str, ...]] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        way = Path(place).relative_to(folder).parts
        named = (name for name in (*folders, *files) if name.endswith(".toml") and not name.startswith("."))
        found += [(*way, name) for name in named]
    return sorted(way for way in found if way != (POLICY_FILE,))


def _own(
    folder: Path, contents: list[tuple[Path, bytes]], digest: str, unread: set[str], scenarios: bool, say: Say
) -> Loaded:  # fmt: skip
    """The rules and sources that a folder's files hold."""
    kinds = _KINDS
    rules: dict[type[Rule], dict[str, Rule]] = {kind: {} for kind in RULE_KINDS}
    files: dict[str, str] = {}
    sources: list[tuple[str, SourceEntry]] = []
    broken = set(unread)
    for path, data in contents:
        name = path.relative_to(folder)
        kind = name.parts[0] if len(name.parts) > 1 else ""
        if kind == Scenario.folder and not scenarios:
            continue
        try:
            if kind not in kinds and kind != SOURCES_FOLDER:
                raise RuleError(path, problem=f"no kind of rule has the folder {kind or 'rules/'!r}",
                                remedy=nearest(kind, [*kinds, SOURCES_FOLDER]))  # fmt: skip
            records: Iterable[Any] | None = KNOWN.get(kind, data)
            table = parse_toml(path, data) if records is None else {}
        except RuleError as error:
            broken |= _meant(path)
            say(error)
            continue
        if records is None:
            records = _records(path, data, table, kind, broken, say)
        if kind == SOURCES_FOLDER:
            sources.extend((str(path), entry) for entry in records)
            continue
        for rule in records:
            if rule.id in rules[kinds[kind]]:
                say(rule_fault(path, rule.id, ("id",), f"{rule.id!r} stands in {files[place_key(rule)]} already",
                               "give each rule an id of its own"))  # fmt: skip
                continue
            rules[kinds[kind]][rule.id] = rule
            files[place_key(rule)] = str(path)
    _refuse_twins(sources, say)
    return Loaded({kind: tuple(found[key] for key in sorted(found)) for kind, found in rules.items()}, files,
                  tuple(sources), digest, frozenset(broken))  # fmt: skip


def _meant(path: Path) -> set[str]:
    """The ids that a file was to define, as far as that can be seen in one that is no TOML."""
    if not path.is_file():
        return {path.stem}
    try:
        return {path.stem, *_ID.findall(read_bytes(path).decode("utf-8", "replace"))}
    except RuleError:
        return {path.stem}


def inherited_by(path: Path, depth: int) -> tuple[Path, Inheritance, bytes]:
    """The folder that a policy.toml starts from, what it says, and its bytes."""
    if depth >= MAX_DEPTH:
        raise fault(path, ("inherits",), f"goes more than {MAX_DEPTH} policies back",
                    "do two of them inherit from one another?")  # fmt: skip
    data = read_bytes(path)
    said = validated(Inheritance, parse_toml(path, data), path)
    assert said is not None
    if isdir(path.parent / INHERITED):
        return path.parent / INHERITED, said, data
    try:
        return policy_folder(said.inherits, path.parent), said, data
    except RuleError as error:
        raise fault(path, ("inherits",), f"{said.inherits!r} {error.problem}",
                    "write `shipped`, a folder (seen from here), or the policy of a package") from error  # fmt: skip


def _on_tops_digest(base: str, own: str, policy_file: bytes) -> str:
    return hashlib.sha256(f"{base}\0{own}\0".encode() + policy_file).hexdigest()


def _on_top(own: Loaded, path: Path, depth: int, say: Say, scenarios: bool) -> Loaded:
    """A folder's own rules on top of those that its policy.toml inherits."""
    start, said, data = inherited_by(path, depth)
    base = load_folder(start, depth + 1, say, scenarios=scenarios)
    known = {rule.id for rules in base.rules.values() for rule in rules}
    if not scenarios and not known.issuperset(said.without):  # perhaps a scenario is meant
        return _on_top(own, path, depth, say, scenarios=True)
    for n, name in enumerate(said.without):
        if name not in known | base.broken:
            say(fault(path, ("without", n), f"no inherited rule {name!r}", nearest(name, sorted(known))))
    rules = {}
    for kind, inherited in base.rules.items():
        both = {rule.id: rule for rule in inherited if rule.id not in said.without} | {r.id: r for r in own.rules[kind]}
        rules[kind] = tuple(both[key] for key in sorted(both))
    digest = _on_tops_digest(base.digest, own.digest, data)
    return Loaded(rules, {**base.files, **own.files}, (*base.sources, *own.sources), digest, base.broken | own.broken)


def _refuse_twins(sources: list[tuple[str, SourceEntry]], say: Say) -> None:
    """Says where two files of the folder name one source for the same days."""
    by_name: dict[str, list[tuple[str, SourceEntry]]] = {}
    for path, entry in sources:
        for name in {folded(one) for one in (entry.name, *entry.aliases)}:
            for other_path, other in by_name.setdefault(name, []):
                begins, ends = max(one.since or date.min for one in (entry, other)), min(
                    one.until or date.max for one in (entry, other))  # fmt: skip
                if other_path != path and begins < ends:
                    say(rule_fault(path, entry.name, _called(entry, name), f"is {other.name!r} in {other_path} too",
                                   "keep it in one file, or give both `since` and `until`", entry.since))  # fmt: skip
            by_name[name].append((path, entry))


def _called(entry: SourceEntry, name: str) -> tuple[str | int, ...]:
    """Where a source's entry has a (folded) name: among its aliases, else as its name."""
    aliases = [folded(alias) for alias in entry.aliases]
    return ("aliases", aliases.index(name)) if name in aliases else ("name",)


def place_key(rule: Rule) -> str:
    """What `files` knows a rule by: ids are unique within a kind."""
    return f"{rule.folder}/{rule.id}"


def read_bytes(path: Path) -> bytes:
    """A rule file's bytes; RuleError when it can't be read or is larger than 1 MB."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RuleError(path, problem=f"can't be read ({error.strerror})", remedy="check its permissions") from error
    if len(data) > MAX_FILE_BYTES:
        raise RuleError(path, problem=f"is {len(data):,} bytes; at most {MAX_FILE_BYTES:,} are read",
                        remedy="split it into smaller files")  # fmt: skip
    return data


def parse_toml(path: Path, data: bytes) -> dict[str, Any]:
    """A TOML file's table; RuleError with the place of a syntax error."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise RuleError(path, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"),
                        problem=f"is not UTF-8 (byte {error.start})", remedy="save it as UTF-8") from error  # fmt: skip
    except RecursionError as error:
        raise RuleError(path, problem="nests too deeply", remedy="flatten it") from error
    except ValueError as error:
        match = _POSITION.search(str(error))
        text = data.decode("utf-8").replace("\r\n", "\n")
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        if match and match.group(1):
            line, column = int(match.group(1)), int(match.group(2))
        problem = _POSITION.sub("", str(error)).strip()
        raise RuleError(path, line=line, column=column, problem=f"is not TOML: {problem}",
                        remedy="mend the syntax") from error  # fmt: skip


def _records(
    path: Path, data: bytes, table: dict[str, Any], kind: str, broken: set[str], say: Say
) -> Iterator[Any]:  # fmt: skip
    """The rules or sources that a file holds; they are remembered if nothing is said of it."""
    told: list[RuleError] = []
    found: list[Any] = []

    def tell(error: RuleError) -> None:
        told.append(error)
        say(error)

    read: Iterable[Any]
    if kind == SOURCES_FOLDER:
        read = source_entries(table, path, tell)
    else:
        read = _rules_of(path, table, _KINDS[kind], broken, tell)
    for one in read:
        found.append(one)
        yield one
    if not told:
        KNOWN.keep(kind, data, tuple(found))


def _rules_of(
    path: Path, table: dict[str, Any], kind: type[Rule], broken: set[str], say: Say
) -> Iterator[Rule]:  # fmt: skip
    family = table.get("rule")
    entries: list[tuple[Any, tuple[str | int, ...]]] = [(table, ())]
    if family is not None:
        if len(table) > 1 or not isinstance(family, list):
            other = next((key for key in table if key != "rule"), "rule")
            say(fault(path, (other,), "a family holds [[rule]] tables and nothing else",
                      "move the other keys into the rules"))  # fmt: skip
        entries = [(one, ("rule", n)) for n, one in enumerate(family if isinstance(family, list) else ())]
    for entry, at in entries:
        rule = validated(kind, entry, path, at, say)
        if rule is None:
            broken |= {path.stem, str(entry.get("id")) if isinstance(entry, dict) else ""}
        else:
            yield rule


def source_entries(table: dict[str, Any], path: Path, say: Say = refuse) -> list[SourceEntry]:
    """The [[source]] tables of a sources file; says a RuleError for any key but them and what learning adds."""
    extra = sorted(set(table) - {"source", "pool"})
    entries = table.get("source", [])
    if extra or not isinstance(entries, list):
        key = extra[0] if extra else "source"
        say(fault(path, (key,), "a sources file holds [[source]] tables", "write one [[source]] table a source"))
        entries = entries if isinstance(entries, list) else []
    found = (validated(SourceEntry, entry, path, ("source", n), say) for n, entry in enumerate(entries))
    return [entry for entry in found if entry is not None]
