"""A rules folder that can't be used says where, what, and what to do."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from strategies import ROOT, p_true, report, shipped, with_numbers

from reliability.errors import RuleError
from reliability.lab.inspection import inspect
from reliability.model.report import Link
from reliability.rules.load import load_folder, source_entries
from reliability.rules.named import shipped_rules
from reliability.rules.policy import Policy
from reliability.rules.schema import Modifier, SourceEntry

MODIFIER = 'id = "x"\nrationale = "r"\n[when]\nfirst_hand = true\n[effect]\nshift_db = 1.0\n'
BLOC = 'id = "{0}"\nlabel = "{0}"\nrationale = "r"\n{1}\n[effect]\nceiling = {2}\n'
TYPE = 'id = "{0}"\nlabel = "x"\nrationale = "r"\n{1}\n[effect]\np = 0.6\nn = 3\ncap_db = 5\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rules without sources and typing, to be spoilt."""
    ignored = shutil.ignore_patterns("sources", "typing")
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=ignored))


def refused(folder: Path, name: str, text: str | bytes) -> RuleError:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RuleError) as caught:
        Policy.load(folder)
    assert str(caught.value)
    return caught.value


WRONG = [
    ("modifiers/x.toml", MODIFIER.replace("shift_db", "shfit_db"), "effect.shfit_db", "no such key", "'shift_db'"),
    ("modifiers/x.toml", MODIFIER.replace("rationale", "rationals"), "rational", "", ""),
    ("modifiers/x.toml", MODIFIER.replace("first_hand", "first_hnd"), "when.first_hnd", "no such field", "first_hand"),
    ("modifiers/x.toml", MODIFIER.replace("shift_db = 1.0", "shift_db = 99"), "effect.shift_db", "60", ""),
    ("modifiers/x.toml", MODIFIER.replace("shift_db = 1.0", "shift_db = nan"), "effect.shift_db", "finite", ""),
    ("modifiers/x.toml", MODIFIER.replace("shift_db = 1.0", "guess = 1.5"), "effect.guess", "1", ""),
    ("modifiers/x.toml", MODIFIER.replace("shift_db = 1.0", ""), "effect", "needs shift_db", ""),
    ("modifiers/x.toml", MODIFIER.replace("first_hand = true", 'source_type = "medai"'), "when.source_type",
     "no source type 'medai'", "media"),
    ("modifiers/x.toml", MODIFIER.replace("first_hand = true", ""), "when", "always fire", ""),
    ("modifiers/x.toml", MODIFIER.replace("shift_db = 1.0", "guess = 0.3"), "effect.guess", "sets it too", "overrides"),
    ("modifiers/x.toml", MODIFIER.replace('rationale = "r"', 'rationale = "r"\noverrides = ["interest.fro"]'),
     "overrides", "no rule", "interest.for"),
    ("blocs/x.toml", BLOC.format("x", 'inside = "frnace"', 0.8), "inside", "no bloc 'frnace'", "france"),
    ("blocs/x.toml", BLOC.format("x", 'inside = "france"', 0.97), "effect.ceiling", "is above", "rise outward"),
    ("blocs/x.toml", BLOC.format("x", 'by = "group"', 0.8), "by", "goes with `when`", ""),
    ("blocs/x.toml", BLOC.format("x", "", 0.0), "effect.ceiling", "greater than 0", ""),
    ("priors/x.toml", 'id = "x"\nrationale = "r"\n[when]\nclaim_class = "z"\n[effect]\nprior = 0.2\n',
     "effect", "must state its guess", ""),
    ("hedges/x.toml", 'id = "x"\nrationale = "r"\nterms = ["LIKELY "]\n[effect]\nlow = 0.1\nhigh = 0.2\n',
     "terms", "stands in", "one rule"),
    ("hedges/x.toml", 'id = "x"\nrationale = "r"\nterms = ["zz"]\n[effect]\nlow = 0.3\nhigh = 0.2\n',
     "effect", "below low", ""),
    ("relays/x.toml", 'id = "x"\nrationale = "r"\n[when]\nvia = "document"\n[effect]\nfidelity = 0.5\n',
     "effect.fidelity", "sets it too", ""),
    ("gates/x.toml", 'id = "x"\nrationale = "r"\n[when]\nsupprt = 1\n[effect]\nflag = "f"\n', "when.supprt",
     "no such field", "support"),
    ("source-types/x.toml", TYPE.format("x", 'parent = "medai"'), "parent", "no source type", "media"),
    ("source-types/x.toml", TYPE.format("x", 'parent = "x"'), "parent", "circle", ""),
    ("source-types/x.toml", TYPE.format("x", "carry = true"), "carry", "no such key", "carries"),
    ("modifer/x.toml", MODIFIER, None, "no kind of rule", "modifiers"),
    ("x.toml", MODIFIER, None, "no kind of rule", ""),
    ("sources/x.toml", '[[source]]\nname = "A"\ntype = "medai"\n', "type", "no source type", "media"),
    ("sources/x.toml", '[[source]]\nname = "A"\nbloc = "frnace"\n', "bloc", "no bloc", "france"),
    ("sources/x.toml", '[[source]]\nname = "A"\ndomains = "a"\n', "domains", "no such key", "domain"),
    ("sources/x.toml", 'name = "A"\n', "name", "[[source]]", ""),
    ("sources/x.toml", '[[source]]\nname = "A"\n[[source]]\nname = "B"\naliases = ["a"]\n', "a", "names both", "alias"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "key", "problem", "remedy"), WRONG)
def test_a_wrong_rule_is_refused_with_file_key_and_remedy(
    folder: Path, name: str, text: str, key: str | None, problem: str, remedy: str
) -> None:
    error = refused(folder, name, text)
    assert key is None or key in str(error.key)
    assert problem.lower() in error.problem.lower()
    assert remedy.lower() in str(error.remedy).lower()
    assert name in str(error.where) or "sets it too" in error.problem or "is above" in error.problem
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [('id = "x"\nrationale = \n', 2, "not TOML"), ('id = "x\n', 1, "not TOML"), (b"id = \xff", 1, "not UTF-8"),
     ("a = 1\na = 2\n", 2, "not TOML")],
)  # fmt: skip
def test_a_syntax_error_has_its_line(folder: Path, text: str | bytes, line: int, problem: str) -> None:
    error = refused(folder, "modifiers/x.toml", text)
    assert error.line == line
    assert problem in error.problem
    if line is not None:
        assert f"x.toml:{line}" in str(error)


def test_an_id_that_stands_twice_is_refused(folder: Path) -> None:
    error = refused(folder, "modifiers/y.toml", MODIFIER.replace('"x"', '"interest.for"'))
    assert "interest.toml" in error.problem


def test_blocs_in_a_circle_are_refused(folder: Path) -> None:
    (folder / "blocs/a1.toml").write_text(BLOC.format("a1", 'inside = "b1"', 0.9))
    error = refused(folder, "blocs/b1.toml", BLOC.format("b1", 'inside = "a1"', 0.9))
    assert "circle" in error.problem


@pytest.mark.parametrize("name", ["constants/common-error.toml", "source-types/unknown.toml", "scales/icd203.toml"])
def test_a_rule_that_every_policy_needs_is_missed(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(RuleError):
        Policy.load(folder)


def test_an_empty_folder_a_missing_one_and_one_without_rules(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("x")
    for name, problem in (("empty", "holds no rules"), ("missing", "is not a folder"), ("other", "holds no rules")):
        with pytest.raises(RuleError, match=problem):
            Policy.load(tmp_path / name)


def test_a_rule_file_of_more_than_a_megabyte_is_refused(folder: Path) -> None:
    assert "bytes" in refused(folder, "modifiers/x.toml", "#" * 1_000_001).problem


@pytest.mark.parametrize("name", ["x" * 900, "a\\u0000b", "no/such", "policy.toml"])
def test_a_policy_that_inherits_what_is_no_folder_is_refused_at_the_key(tmp_path: Path, name: str) -> None:
    (tmp_path / "policy.toml").write_text(f'# mine\ninherits = "{name}"\n')
    with pytest.raises(RuleError) as caught:
        Policy.load(tmp_path)
    assert caught.value.line == 2
    assert caught.value.remedy


def test_hidden_files_are_not_read(folder: Path) -> None:
    (folder / "modifiers/.x.toml").write_text("no toml at all")
    assert not any(rule.id == "x" for rule in Policy.load(folder).modifiers)


def test_the_shipped_policy_loads_and_needs_no_mending() -> None:
    assert shipped_rules().resolve() == (ROOT / "rules").resolve()
    assert inspect(ROOT / "rules").findings == ()
    assert set(load_folder(ROOT / "rules").rules) >= {Modifier}


def test_the_digest_changes_with_every_byte_and_with_the_users_sources(folder: Path) -> None:
    before = Policy.load(folder).digest
    assert Policy.load(folder).digest == before
    with_mine = Policy.load(folder, sources=[("mine", SourceEntry(name="A"))]).digest
    with (folder / "constants" / "common-error.toml").open("a") as file:
        file.write("# a remark\n")
    assert len({before, with_mine, Policy.load(folder).digest}) == 3


DATED = """id = "x"
rationale = "r"
{until}
[when]
first_hand = true
[[effect]]
shift_db = 1.0
since = 2024-01-01
[[effect]]
shift_db = 2.0
since = 2025-01-01
"""


@pytest.mark.parametrize(
    ("as_of", "shift"),
    [(None, 2.0), ("2023-05-05", 1.0), ("2024-01-01", 1.0), ("2024-12-31", 1.0), ("2025-01-01", 2.0)],
)
def test_a_rule_has_the_number_of_its_day(folder: Path, as_of: str | None, shift: float) -> None:
    """Before the first `since` the first; without a day the newest."""
    (folder / "modifiers/x.toml").write_text(DATED.format(until=""))
    policy = Policy.load(folder, as_of=dt.date.fromisoformat(as_of) if as_of else None)
    (rule,) = (rule for rule in policy.modifiers if rule.id == "x")
    assert [effect.shift_db for effect in rule.effect] == [shift]


@pytest.mark.parametrize(("as_of", "there"), [(None, False), ("2025-05-31", True), ("2025-06-01", False)])
def test_a_rule_ends_on_its_day(folder: Path, as_of: str | None, there: bool) -> None:
    (folder / "modifiers/x.toml").write_text(DATED.format(until="until = 2025-06-01"))
    policy = Policy.load(folder, as_of=dt.date.fromisoformat(as_of) if as_of else None)
    assert any(rule.id == "x" for rule in policy.modifiers) == there


@pytest.mark.parametrize(("as_of", "kind"), [("2019-12-31", "military"), ("2020-01-01", "expert"), (None, "expert")])
def test_a_source_has_its_entry_of_the_day(as_of: str | None, kind: str) -> None:
    entries = [
        SourceEntry(name="Z", type="military", until=dt.date(2020, 1, 1)),
        SourceEntry(name="Zed", aliases=("Z",), type="expert", since=dt.date(2020, 1, 1)),
    ]
    day = dt.date.fromisoformat(as_of) if as_of else None
    policy = Policy.load(ROOT / "rules", sources=[("mine", entry) for entry in entries], as_of=day)
    entry = policy.sources.find(" z ")
    assert entry is not None
    assert entry.type == kind


def test_a_users_source_takes_the_place_of_the_shipped_one() -> None:
    policy = Policy.load(ROOT / "rules", sources=[("mine", SourceEntry(name="TASS", type="expert"))])
    entry = policy.sources.find("tass")
    assert entry is not None
    assert (entry.type, entry.bloc) == ("expert", None)
    assert p_true([report(Link(source="TASS"))], policy) == pytest.approx(0.75, abs=1e-12)


def test_hedges_are_found_by_any_of_their_terms_folded() -> None:
    found = shipped().hedge_of("  Highly\u00a0 PROBABLE ")
    assert found is not None
    assert found.id == "icd203.very-likely"
    assert shipped().hedge_of("in a manner of speaking") is None


def test_a_wrong_key_of_a_users_sources_file_is_refused() -> None:
    with pytest.raises(RuleError, match="did you mean 'aliases'"):
        source_entries({"source": [{"name": "A", "alias": ["B"]}]}, Path("mine.toml"))
    with pytest.raises(RuleError, match=r"\[\[source\]\]"):
        source_entries({"sources": []}, Path("mine.toml"))


def test_constants_are_read_by_id() -> None:
    assert shipped().constants["common-error"] == 0.98
    assert with_numbers(shipped(), {"common-error": 0.5}).constants["common-error"] == 0.5


@pytest.mark.parametrize(
    ("line", "said"),
    [("p = true", "effect.p: should be a valid number, not true"), ('p = "0.5"', "effect.p: should be a valid number"),
     ('carries = "no"', "carries: should be a valid boolean"), ("carries = 1", "carries: should be a valid boolean")],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_and_not_converted(folder: Path, line: str, said: str) -> None:
    head = 'id = "x"\nlabel = "x"\nrationale = "r"\n'
    numbers = "n = 6.0\ncap_db = 9.0\n"
    text = (
        f"{head}{line}\n[effect]\np = 0.7\n{numbers}" if line.startswith("c") else f"{head}[effect]\n{line}\n{numbers}"
    )
    (folder / "source-types" / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        Policy.load(folder)
    assert "x.toml" in str(caught.value)
    assert said in str(caught.value)


def test_two_files_of_the_folder_cannot_name_one_source_for_the_same_days(folder: Path) -> None:
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "aa.toml").write_text(
        '[[source]]\nname = "Pentagon"\ntype = "government"\n', encoding="utf-8"
    )
    (folder / "sources" / "zz.toml").write_text(
        '[[source]]\nname = "The P"\naliases = ["PENTAGON"]\ntype = "media"\n', encoding="utf-8"
    )
    with pytest.raises(RuleError, match=r"zz\.toml.*in .* too"):
        Policy.load(folder)


def test_what_is_no_file_is_said_and_not_waited_for(tmp_path: Path) -> None:
    """A named pipe would keep a reader waiting for ever."""
    (tmp_path / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
    (tmp_path / "modifiers").mkdir()
    os.mkfifo(tmp_path / "modifiers" / "x.toml")
    with pytest.raises(RuleError, match="is no file"):
        Policy.load(tmp_path)
    assert [one.problem for one in inspect(tmp_path).findings] == ["is no file"]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes(b'\xef\xbb\xbfinherits = "shipped"\n')
    assert Policy.load(tmp_path).modifiers == shipped().modifiers


def test_a_folder_is_remembered_by_every_byte_of_it(tmp_path: Path) -> None:
    """Read again it is the very same; with another byte it is read anew; a fault is found again."""
    place = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", place)
    first = load_folder(place)
    assert load_folder(place) is first
    rule = place / "source-types" / "government.toml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(f"{text}\n# another byte\n", encoding="utf-8")
    other = load_folder(place)
    assert other is not first
    assert other.digest != first.digest
    rule.write_text(f"{text}\nnonsense = 1\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleError, match="nonsense"):
            load_folder(place)
    rule.write_text(text, encoding="utf-8")
    assert load_folder(place).digest == first.digest
