"""Packages that add a policy, readers or an exporter: one that is installed, and several that are broken."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .command import ROOT, Result, assert_refused, lines, process, report, run

PLUGIN = ROOT / "tests" / "plugin"
WIRE = "bridge | Velmark Transport Ministry [government] | The Quay [media]\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip has installed the package; its sources are copied, so that a build leaves nothing behind."""
    place = tmp_path_factory.mktemp("plugin")
    shutil.copytree(PLUGIN, place / "source", ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
           "--disable-pip-version-check", "--target", str(place / "site"), str(place / "source")]  # fmt: skip
    done = subprocess.run(pip, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return place / "site"


def installed(site: Path, *arguments: object) -> Result:
    """The command in a process that has the package."""
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    return process(*arguments, env={"PYTHONPATH": path})


def test_a_packages_policy_is_named_like_a_folder(site: Path, folder: Path) -> None:
    links = [{"source": "Harbour", "type": "company", "facts": {"harbour_log": True}}, {"source": "The Quay"}]
    (folder / "r.jsonl").write_text(lines(report(provenance=links)), encoding="utf-8")
    plain, theirs = (installed(site, "rate", "r.jsonl", *rules).records[0] for rules in ((), ("--rules", "velm")))
    assert "harbour" not in json.dumps(plain["links"])
    (shift,) = theirs["links"][0]["shifts"]
    assert (shift["rule"], shift["db"]) == ("harbour", 3.0)
    assert plain["digest"]["rules"] != theirs["digest"]["rules"]


def test_a_policy_can_inherit_a_packages(site: Path, folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "policy.toml").write_text('inherits = "velm"\n', encoding="utf-8")
    same = installed(site, "rules", "diff", "velm", "mine", "--format", "table")
    assert (same.code, same.out) == (0, "the rules are the same\n")


def test_a_packages_files_are_read_as_its_reports_and_articles(site: Path, folder: Path) -> None:
    (folder / "a.wire").write_text(WIRE, encoding="utf-8")
    (folder / "r.jsonl").write_text(lines(report(text="bridge")), encoding="utf-8")
    theirs, ours = installed(site, "rate", "a.wire").records, run("rate", "r.jsonl").records
    assert [one["rating"] for one in theirs] == [one["rating"] for one in ours]
    (folder / "b.memo").write_text("The Quay\nThe ministry said that the Velm bridge is closed.\n", encoding="utf-8")
    (record,) = installed(site, "claims", "b.memo", "--rules", "velm").records
    assert (record["article"], record["provenance"][-1]["source"]) == ("b", "The Quay")
    assert "would read b.memo (memo, read by velm-newsroom)" in installed(site, "rate", "b.memo", "--dry-run").out


def test_a_row_that_a_packages_reader_gets_wrong_is_a_reject_that_names_it(site: Path, folder: Path) -> None:
    (folder / "a.wire").write_text(WIRE + "no links at all\n", encoding="utf-8")
    done = installed(site, "rate", "a.wire", "--rejects", "bad.jsonl")
    assert (done.code, len(done.records)) == (0, 1)
    (bad,) = map(json.loads, (folder / "bad.jsonl").read_text(encoding="utf-8").splitlines())
    assert "(as velm-newsroom 2.1 reads it)" in bad["reason"]


def test_a_packages_exporter_writes_the_records_figures_and_prints_no_remark_among_them(
    site: Path, folder: Path
) -> None:
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    (record,) = run("rate", "r.jsonl").records
    done = installed(site, "rate", "r.jsonl", "--format", "headlines")
    assert done.out == f"{record['rating']['p']:.4f} bridge\n"
    assert "a remark" in done.err


def test_doctor_lists_plug_ins_with_package_and_version(site: Path) -> None:
    found = json.loads(installed(site, "doctor", "--format", "json").out)[0]["plugins"]
    assert [(one["group"], one["name"], one["package"], one["version"], one["problem"]) for one in found] == [
        ("reliability.exporters", "headlines", "velm-newsroom", "2.1", None),
        ("reliability.readers", "memo", "velm-newsroom", "2.1", None),
        ("reliability.readers", "wire", "velm-newsroom", "2.1", None),
        ("reliability.rules", "velm", "velm-newsroom", "2.1", None),
    ]  # fmt: skip


def test_help_imports_no_plug_in(site: Path) -> None:
    code = ("import sys; from reliability.cli import main; sys.argv = ['reliability', 'rate', '--help']\n"
            "try:\n    main()\nexcept SystemExit:\n    print('loaded:', 'velm_newsroom' in sys.modules, "
            "'numpy' in sys.modules)")  # fmt: skip
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert done.stdout.splitlines()[-1] == "loaded: False False"


def broken(place: Path, package: str, group: str, name: str, target: str, code: str = "") -> None:
    """A package as pip leaves it behind, with one entry point, in a folder that is on the path."""
    info = place / f"{package.replace('-', '_')}-0.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.3\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[reliability.{group}]\n{name} = {target}\n", encoding="utf-8")
    (place / f"{target.partition(':')[0]}.py").write_text(code, encoding="utf-8")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose packages are seen in this process."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.syspath_prepend(place)
    return place


READERS = [
    ("import_fails", "import nowhere_at_all", "can't be imported (ModuleNotFoundError"),
    ("import_exits", "raise SystemExit(0)", "can't be imported (SystemExit"),
    ("no_attribute", "", "can't be imported (AttributeError"),
    ("no_callable", "run = 3", "is not a callable, but 3"),
    ("raises", "def run(stream, name): raise KeyError('x')", "can't read a.odd (KeyError"),
    ("raises_late", "def run(stream, name):\n    yield {}\n    raise ValueError('two\\nlines')", "(ValueError: two)"),
    ("nothing", "def run(stream, name): return None", "made neither an article nor reports of a.odd"),
    ("no_json", "def run(stream, name): return [{'claim': object()}]", "not JSON serializable"),
    ("no_article", "def run(stream, name): return {'text': ''}", "is empty (as odd-pack 0.3 reads it)"),
    ("no_report", "def run(stream, name): return [3]", "not a JSON object (as odd-pack 0.3 reads it)"),
]


@pytest.mark.parametrize(("module", "code", "said"), READERS, ids=[one[0] for one in READERS])
def test_a_reader_that_fails_is_said_with_its_package(
    path: Path, folder: Path, module: str, code: str, said: str
) -> None:
    broken(path, "odd-pack", "readers", "odd", f"odd_{module}:run", code)
    (folder / "a.odd").write_text("x", encoding="utf-8")
    done = run("rate", "a.odd")
    assert (done.code, done.stdout) == (3, b"")
    assert done.err.splitlines()[-1].startswith("error: ")
    assert said in done.err
    assert "odd-pack 0.3" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("code", "said"),
    [("def run(ratings): return 3", "gave int, not a text or bytes"),
     ("def run(ratings): return ratings[9]", "can't export the ratings (IndexError"),
     ("run = None", "is not a callable")],
)  # fmt: skip
def test_an_exporter_that_fails_is_said_with_its_package(path: Path, folder: Path, code: str, said: str) -> None:
    module = f"odd_exporter_{len(code)}"
    broken(path, "odd-pack", "exporters", "odd", f"{module}:run", code)
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    assert_refused(run("rate", "r.jsonl", "--format", "odd"), 3, "odd-pack 0.3", said, "pip uninstall odd-pack")


def test_an_exporter_may_write_bytes(path: Path, folder: Path) -> None:
    broken(path, "odd-pack", "exporters", "odd", "odd_bytes:run", "def run(ratings): return bytes([0, 255])")
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    assert run("rate", "r.jsonl", "--format", "odd").stdout == b"\x00\xff"
    assert run("rate", "r.jsonl", "--format", "odd", "-o", "out").code == 0
    assert (folder / "out").read_bytes() == b"\x00\xff"


def test_an_unknown_format_names_the_near_ones(path: Path, folder: Path) -> None:
    broken(path, "odd-pack", "exporters", "odd", "odd_known:run")
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    assert_refused(run("rate", "r.jsonl", "--format", "ode"), 2, "--format ode", "did you mean 'odd'?")


@pytest.mark.parametrize(
    ("code", "target", "said"),
    [("", "odd_policy_a", "holds no rules"), ("where = 3", "odd_policy_b:where", "names no folder of rules, but 3"),
     ("where = '/nowhere/at/all'", "odd_policy_c:where", "names no folder of rules, but '/nowhere/at/all'")],
)  # fmt: skip
def test_a_packages_policy_that_is_none_is_said(path: Path, code: str, target: str, said: str) -> None:
    broken(path, "odd-pack", "rules", "odd", target, code)
    assert_refused(run("rate", "r.jsonl", "--rules", "odd"), 3, said)


def test_a_policy_that_is_nowhere_names_those_of_packages(path: Path) -> None:
    broken(path, "odd-pack", "rules", "odd", "odd_policy_d")
    assert_refused(
        run("rate", "r.jsonl", "--rules", "odder"), 3, "odder: is not a folder", "the policy of a package (odd)"
    )


@pytest.mark.parametrize(
    ("group", "arguments"),
    [("rules", ("--rules", "odd")), ("exporters", ("--format", "odd")), ("readers", ("a.odd",))],
)  # fmt: skip
def test_two_packages_with_one_name_are_an_error_that_names_both(
    path: Path, folder: Path, group: str, arguments: tuple[str, ...]
) -> None:
    for package in ("odd-pack", "other-pack"):
        broken(path, package, group, "odd", f"{package.replace('-', '_')}_{group}:run")
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    (folder / "a.odd").write_text("x", encoding="utf-8")
    assert_refused(run("rate", "r.jsonl", *arguments), 3, "odd-pack 0.3", "other-pack 0.3", "uninstall all but one")
    found = run("doctor", "--format", "json")
    assert found.code == 1
    for one in json.loads(found.out)[0]["plugins"]:
        assert "odd-pack 0.3" in one["problem"]
        assert "other-pack 0.3" in one["problem"]


def test_a_name_that_the_program_has_itself_is_its_own_and_doctor_says_so(path: Path, folder: Path) -> None:
    broken(path, "odd-pack", "readers", "jsonl", "odd_jsonl:run", "def run(stream, name): return []")
    (folder / "r.jsonl").write_text(lines(report()), encoding="utf-8")
    assert len(run("rate", "r.jsonl").records) == 1
    done = run("doctor", "--format", "table")
    assert done.code == 1
    assert "plug-in reliability.readers jsonl: odd-pack 0.3: never used: reliability has 'jsonl' itself" in done.out


def test_endings_that_packages_read_are_named_where_none_fits(path: Path, folder: Path) -> None:
    broken(path, "odd-pack", "readers", "odd", "odd_ending:run")
    (folder / "a.ode").write_text("x", encoding="utf-8")
    assert_refused(run("rate", "a.ode"), 3, "the ending .ode is none that is read", ".odd (odd-pack)")
