"""Reading a rules folder: one TOML file a rule or a small family, in one folder a kind."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import StringConstraints, ValidationError

from reliability.errors import RuleError
from reliability.model.base import Record, folded
from reliability.rules.named import policy_folder
from reliability.rules.schema import RULE_KINDS, Rule, Scenario, SourceEntry

MAX_FILE_BYTES = 1_000_000
_POSITION = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
SOURCES_FOLDER, POLICY_FILE = "sources", "policy.toml"
MAX_DEPTH = 8

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Loaded:
    """A rules folder as read: the rules of each kind in id order, the sources, and one digest over every byte."""

    rules: dict[type[Rule], tuple[Rule, ...]]
    files: dict[str, str]
    sources: tuple[tuple[str, SourceEntry], ...]
    digest: str


class Inheritance(Record):
    """What a folder's policy.toml says: the policy that it starts from, and rules of it that it does without."""

    inherits: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    without: tuple[str, ...] = ()


def load_folder(folder: Path, depth: int = 0, *, scenarios: bool = True) -> Loaded:
    """Read every rule of a folder; with a policy.toml, on top of the policy that it inherits: `shipped`, a folder, or a
    package's.

    A rule of an inherited one's kind and id takes its place. `scenarios` False leaves those unread. Raises RuleError,
    with file, key and remedy, for a folder without rules, a file that is no TOML, a key that no rule has, a value out
    of range, or an id that stands twice.
    """
    if not folder.is_dir():
        raise RuleError(folder, problem="is not a folder", remedy="give a folder that holds rules (--rules DIR)")
    kinds = {kind.folder: kind for kind in RULE_KINDS}
    rules: dict[type[Rule], dict[str, Rule]] = {kind: {} for kind in RULE_KINDS}
    files: dict[str, str] = {}
    sources: list[tuple[str, SourceEntry]] = []
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml"), key=lambda p: p.relative_to(folder).parts):
        name = path.relative_to(folder)
        if any(part.startswith(".") for part in name.parts) or name == Path(POLICY_FILE):
            continue
        data = read_bytes(path)
        digest.update(f"{name.as_posix()}\0{len(data)}\0".encode() + data)
        kind = name.parts[0] if len(name.parts) > 1 else ""
        if kind == SOURCES_FOLDER:
            sources.extend((str(path), entry) for entry in source_entries(parse_toml(path, data), path))
        elif kind == Scenario.folder and not scenarios:
            continue
        elif kind in kinds:
            for rule in _rules_of(path, parse_toml(path, data), kinds[kind]):
                if rule.id in rules[kinds[kind]]:
                    raise RuleError(path, key="id", problem=f"{rule.id!r} stands in {files[place_key(rule)]} already",
                                    remedy="give each rule an id of its own")  # fmt: skip
                rules[kinds[kind]][rule.id] = rule
                files[place_key(rule)] = str(path)
        else:
            raise RuleError(path, problem=f"no kind of rule has the folder {kind or 'rules/'!r}",
                            remedy=_nearest(kind, [*kinds, SOURCES_FOLDER]))  # fmt: skip
    _refuse_twins(sources)
    own = Loaded({kind: tuple(found[key] for key in sorted(found)) for kind, found in rules.items()}, files,
                 tuple(sources), digest.hexdigest())  # fmt: skip
    if (folder / POLICY_FILE).exists():
        return _on_top(own, folder / POLICY_FILE, depth, scenarios)
    if not any(rules.values()):
        raise RuleError(folder, problem="holds no rules", remedy="point --rules at a folder like the shipped rules/")
    return own


def _on_top(own: Loaded, path: Path, depth: int, scenarios: bool) -> Loaded:
    """A folder's own rules on top of those that its policy.toml inherits."""
    if depth >= MAX_DEPTH:
        raise RuleError(path, key="inherits", problem=f"goes more than {MAX_DEPTH} policies back",
                        remedy="do two of them inherit from one another?")  # fmt: skip
    data = read_bytes(path)
    said = validated(Inheritance, parse_toml(path, data), path)
    base = load_folder(policy_folder(said.inherits, path.parent), depth + 1, scenarios=scenarios)
    known = {rule.id for rules in base.rules.values() for rule in rules}
    if not scenarios and not known.issuperset(said.without):  # perhaps a scenario is meant
        return _on_top(own, path, depth, scenarios=True)
    for name in said.without:
        if name not in known:
            raise RuleError(
                path, key="without", problem=f"no inherited rule {name!r}", remedy=_nearest(name, sorted(known))
            )
    rules = {}
    for kind, inherited in base.rules.items():
        both = {rule.id: rule for rule in inherited if rule.id not in said.without} | {r.id: r for r in own.rules[kind]}
        rules[kind] = tuple(both[key] for key in sorted(both))
    digest = hashlib.sha256(f"{base.digest}\0{own.digest}\0".encode() + data).hexdigest()
    return Loaded(rules, {**base.files, **own.files}, (*base.sources, *own.sources), digest)


def _refuse_twins(sources: list[tuple[str, SourceEntry]]) -> None:
    """RuleError where two files of the folder name one source for the same days."""
    by_name: dict[str, list[tuple[str, SourceEntry]]] = {}
    for path, entry in sources:
        for name in {folded(one) for one in (entry.name, *entry.aliases)}:
            for other_path, other in by_name.setdefault(name, []):
                begins, ends = max(one.since or date.min for one in (entry, other)), min(
                    one.until or date.max for one in (entry, other))  # fmt: skip
                if other_path != path and begins < ends:
                    raise RuleError(path, key=name, problem=f"is {other.name!r} in {other_path} too",
                                    remedy="keep it in one file, or give both `since` and `until`")  # fmt: skip
            by_name[name].append((path, entry))


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
    """A TOML file's table; RuleError with the line of a syntax error."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleError(path, problem=f"is not UTF-8 (byte {error.start})", remedy="save it as UTF-8") from error
    except RecursionError as error:
        raise RuleError(path, problem="nests too deeply", remedy="flatten it") from error
    except ValueError as error:
        match = _POSITION.search(str(error))
        line = int(match.group(1)) if match and match.group(1) else None
        problem = _POSITION.sub("", str(error)).strip()
        raise RuleError(path, line=line, problem=f"is not TOML: {problem}", remedy="mend the syntax") from error


def _rules_of(path: Path, table: dict[str, Any], kind: type[Rule]) -> Iterator[Rule]:
    family = table.get("rule")
    if family is None:
        yield validated(kind, table, path)
        return
    if len(table) > 1 or not isinstance(family, list):
        raise RuleError(path, key="rule", problem="a family holds [[rule]] tables and nothing else",
                        remedy="move the other keys into the rules")  # fmt: skip
    for entry in family:
        yield validated(kind, entry, path)


def source_entries(table: dict[str, Any], path: Path) -> list[SourceEntry]:
    """The [[source]] tables of a sources file; RuleError for any other key."""
    extra = sorted(set(table) - {"source"})
    entries = table.get("source", [])
    if extra or not isinstance(entries, list):
        raise RuleError(path, key=extra[0] if extra else "source", problem="a sources file holds [[source]] tables",
                        remedy="write one [[source]] table a source")  # fmt: skip
    return [validated(SourceEntry, entry, path) for entry in entries]


def validated(kind: type[R], entry: Any, path: Path | str) -> R:
    """One table as a record; RuleError that names the first wrong key, with the nearest right one."""
    try:
        return kind.model_validate(_as_tuples(entry), strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False)
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        name = entry.get("id", entry.get("name")) if isinstance(entry, dict) else None
        single = isinstance(entry, dict) and isinstance(entry.get("effect"), dict)
        parts = [str(part) for at, part in enumerate(first["loc"]) if not (single and at == 1 and part == 0)]
        key = ".".join(parts) or None
        label = f"{name}: {key}" if name and key else key or name
        if first["type"] == "extra_forbidden":
            known = _keys_at(kind, first["loc"])
            raise RuleError(path, key=label, problem="no such key here",
                            remedy=_nearest(str(first["loc"][-1]), known)) from error  # fmt: skip
        message = str(first["msg"]).removeprefix("Value error, ").removeprefix("Input ")
        if isinstance(first["input"], bool):
            message += f", not {str(first['input']).lower()}"
        elif isinstance(first["input"], str | int | float) and first["type"] != "value_error":
            message += f", not {first['input']!r}"
        raise RuleError(path, key=label, problem=message, remedy="see `reliability schema rule`") from error


def _as_tuples(value: Any) -> Any:
    """TOML's lists as tuples, which strict validation wants; conditions keep theirs."""
    if isinstance(value, dict):
        return {
            key: _as_tuples(inner) if isinstance(inner, dict | list) and key != "when" else inner
            for key, inner in value.items()
        }
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def _keys_at(kind: type[Record], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the record at this place may have, by walking the types of its fields."""
    current: Any = kind
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) if hasattr(current, "model_fields") else None
        current = _record_in(field.annotation) if field is not None else None
        if current is None:
            return []
    return sorted(current.model_fields)


def _record_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _record_in(part)) is not None:
            return found
    return None


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}" if known else "take it out"
