"""Loading is total: whatever bytes a rules folder holds, there is a policy or a RuleError, never anything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import ROOT

from reliability.errors import RuleError
from reliability.lab.inspection import Inspection, inspect
from reliability.rules.policy import Policy

FILES = [path.relative_to(ROOT / "rules") for path in sorted((ROOT / "rules").rglob("*.toml"))
         if not path.name.startswith(".")]  # fmt: skip
FEW = [*(next(path for path in FILES if path.parts[0] == kind) for kind in sorted({path.parts[0] for path in FILES})),
       Path("modifiers/interest.toml"), Path("source-types/media.toml"), Path("relays/relay.toml")]  # fmt: skip
ODD = st.sampled_from([
    "true", "-1", "1e400", "nan", "inf", '""', '"\\u0000"', "[]", "{}", "[[]]", "{ a = { b = [1] } }", "2026-01-01",
    "2026-01-01T00:00:00Z", "07:32:00", "9" * 400, "0x7fffffffffffffff", "[1, 'a', {}]", '"""\n"""',
    "{ is = [] }", "{ in = [] }", "{ at_least = true }", "[" * 90 + "]" * 90, '"unknown"', '"\u202e"',
])  # fmt: skip


@st.composite
def mutants(draw: st.DrawFn) -> tuple[Path, bytes]:
    """A shipped file with bytes flipped, parts cut out or doubled, values swapped or of another type."""
    path = draw(st.sampled_from(FEW))
    data = (ROOT / "rules" / path).read_bytes()
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(["flip", "cut", "double", "value", "value", "value", "line", "key"]))
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        if way == "flip":
            data = data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]
        elif way in ("cut", "double"):
            end = at + draw(st.integers(1, 200))
            data = data[:at] + (data[end:] if way == "cut" else data[at:end] * 2 + data[end:])
        else:
            data = _line_changed(draw, data, way)
    return path, data


def _line_changed(draw: st.DrawFn, data: bytes, way: str) -> bytes:
    lines = data.split(b"\n")
    pairs = [n for n, line in enumerate(lines) if b" = " in line] or [0]
    n = draw(st.sampled_from(pairs))
    key, _, value = lines[n].partition(b" = ")
    if way == "value":
        other = lines[draw(st.sampled_from(pairs))].partition(b" = ")[2]
        value = draw(st.one_of(ODD.map(str.encode), st.just(other)))
    elif way == "key":
        key = lines[draw(st.sampled_from(pairs))].partition(b" = ")[0]
    lines[n] = b" = ".join([key, value]) if way != "line" else b""
    return b"\n".join(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules without what takes long to read, whose other files are read once."""
    ignored = shutil.ignore_patterns("sources", "typing", "blocs", ".*")
    place = Path(shutil.copytree(ROOT / "rules", tmp_path_factory.mktemp("rules") / "rules", ignore=ignored))
    for path in FEW:
        (place / path).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "rules" / path, place / path)
    return place


def outcome(folder: Path) -> Policy | RuleError:
    try:
        return Policy.load(folder)
    except RuleError as error:
        return error


def checked(folder: Path) -> Inspection:
    found = inspect(folder)
    for one in found.findings:
        assert one.problem
        assert one.remedy
        assert one.line is None or (one.line >= 1 and one.column is not None and one.column >= 1)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(mutant=mutants())
def test_a_spoilt_rule_file_gives_a_policy_or_a_clear_error_and_check_says_what_is_wrong(
    folder: Path, mutant: tuple[Path, bytes]
) -> None:
    path, data = mutant
    kept = (ROOT / "rules" / path).read_bytes()
    try:
        (folder / path).write_bytes(data)
        loaded = outcome(folder)
        found = checked(folder)
        if isinstance(loaded, RuleError):
            assert loaded.problem
            assert loaded.remedy
            assert any(one.check == "load" for one in found.findings)
        else:
            assert not any(one.check == "load" for one in found.findings)
    finally:
        (folder / path).write_bytes(kept)


@given(name=st.sampled_from(sorted({path.parts[0] for path in FILES} | {"policy.toml"})), data=st.binary(max_size=200))
def test_any_bytes_at_all_give_a_policy_or_a_rule_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    place = tmp_path_factory.mktemp("any")
    path = place / name if name == "policy.toml" else place / name / "x.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    assert isinstance(outcome(place), RuleError)
    assert checked(place).findings
    shutil.rmtree(place)
