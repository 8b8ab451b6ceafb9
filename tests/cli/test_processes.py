"""The installed command in processes of its own: hash seeds, locales, pipes, what starting it loads."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .command import FIXTURES, OUTLET, SEED, process, run

STATE = FIXTURES / "state-media"
GIVEN = (STATE / "reports.jsonl", FIXTURES / "three-answers" / "reports.jsonl", "--sources", STATE / "sources.toml")


def test_the_script_and_the_module_print_the_same_bytes_whatever_the_hash_seed_and_the_threads() -> None:
    first = process("rate", *GIVEN, env={"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"})
    assert (first.code, first.err) == (0, "")
    assert len(first.records) == 8
    script = Path(sys.executable).with_name("reliability")
    if not script.exists():
        script = Path(shutil.which("reliability") or "")
    done = subprocess.run([script, "rate", *map(str, GIVEN)], capture_output=True, timeout=300,
                          env={**os.environ, "PYTHONHASHSEED": "4242", "OPENBLAS_NUM_THREADS": "2"})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == first.stdout


def test_the_seed_article_is_the_same_bytes_whatever_the_hash_seed_and_locale() -> None:
    first = process("rate", SEED, *OUTLET, env={"PYTHONHASHSEED": "1"})
    second = process("rate", SEED, *OUTLET, env={"PYTHONHASHSEED": "77", "LC_ALL": "C"}, python=("-X", "utf8=0"))
    assert (first.code, second.code) == (0, 0)
    assert first.stdout == second.stdout
    assert "Traceback" not in second.err


def test_a_terminal_without_utf_8_does_not_break_a_run() -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0"}
    result = process("explain", "town-relayed", *GIVEN, env=plain, python=("-X", "utf8=0"))
    assert (result.code, result.err) == (0, "")
    assert "└─ bloc: " in result.out
    missing = process("rate", "caf\u00e9.jsonl", env=plain, python=("-X", "utf8=0"))
    assert missing.code == 3
    assert "Traceback" not in missing.err


def test_a_pipe_that_is_closed_early_is_no_crash() -> None:
    command = [sys.executable, "-m", "reliability", "rate", str(FIXTURES / "circular-reporting" / "reports.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        err = running.stderr.read()
        assert running.wait(timeout=120) == 0
    assert b"Traceback" not in err


LOADED = """
import json, sys
from reliability.cli import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
heavy = [name for name in ("numpy", "scipy", "scipy.stats", "scipy.optimize", "spacy", "pydantic", "rich.table")
         if name in sys.modules]
sys.stderr.write(json.dumps(heavy))
"""


def test_help_loads_no_library_that_computes() -> None:
    result = process("--help", python=("-c", LOADED))
    assert result.code == 0
    assert set(json.loads(result.err)) <= {"rich.table"}
    for command in ("rate", "claims", "explain", "recompute", "rules", "schema", "doctor"):
        assert command in result.out


def test_rating_reports_loads_neither_the_text_extra_nor_what_takes_long() -> None:
    result = process("rate", *GIVEN, python=("-c", LOADED))
    assert not {"spacy", "scipy.stats", "scipy.optimize"} & set(json.loads(result.err))
    assert "numpy" in json.loads(result.err)


@pytest.mark.parametrize(("given", "found"), [(None, "1"), ("3", "3")])
def test_linear_algebra_has_one_thread_unless_told_otherwise(
    given: str | None, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", given or "")
    if given is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    assert run("doctor", "--help").code == 0
    assert os.environ["OPENBLAS_NUM_THREADS"] == found


def in_shell(redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = f'"$@" {redirected}'
    return subprocess.run(["bash", "-c", command, "-", sys.executable, "-m", "reliability", *arguments],
                          capture_output=True, text=True, timeout=300)  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("rate", str(STATE / "reports.jsonl")), ("--help",), ("rules", "list")])
def test_a_full_disk_is_said_in_one_line(arguments: tuple[str, ...]) -> None:
    done = in_shell("> /dev/full", *arguments)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("error: stdout: can't be written (No space left on device)")
    assert "Traceback" not in done.stderr


def test_a_closed_stdout_is_said_and_a_closed_stderr_is_none_of_our_business() -> None:
    path = str(FIXTURES / "circular-reporting" / "reports.jsonl")
    done = in_shell(">&-", "rate", path)
    assert (done.returncode, done.stderr.splitlines()) == (3, ["error: stdout: is closed; say -o FILE"])
    done = in_shell("2>&-", "rate", path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3


def test_dev_stdout_is_written_to_in_a_pipe() -> None:
    path = str(FIXTURES / "circular-reporting" / "reports.jsonl")
    done = in_shell("| cat", "rate", path, "-o", "/dev/stdout")
    assert done.stdout == in_shell("| cat", "rate", path).stdout


def test_dev_stdout_that_is_a_file_is_added_to_and_not_replaced(folder: Path) -> None:
    path = str(FIXTURES / "circular-reporting" / "reports.jsonl")
    (folder / "log").write_text("before\n", encoding="utf-8")
    in_shell(">> log", "rate", path, "-o", "/dev/stdout")
    text = (folder / "log").read_text(encoding="utf-8")
    assert text == "before\n" + in_shell("", "rate", path).stdout
