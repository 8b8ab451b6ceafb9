"""`rules docs`: the policy as a folder of pages."""

from pathlib import Path

from .command import FIXTURES, assert_refused, lines, report, run


def read(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_pages_are_written_in_both_formats_and_a_second_run_changes_no_byte() -> None:
    result = run("rules", "docs", "-o", "docs")
    assert (result.code, result.stdout) == (0, b"")
    first = read("docs")
    assert f"wrote {len(first) - 1} pages to docs" in result.err
    names = {name.rpartition(".")[0] for name in first if name.endswith(".html")}
    assert names == {name.rpartition(".")[0] for name in first if name.endswith(".md")}
    assert {"index", "judgement-numbers", "modifiers-access"} <= names
    assert run("rules", "docs", "-o", "docs", "-q").err == ""
    assert read("docs") == first


def test_an_own_policys_pages_have_its_rules_and_inherited_ones_say_whence() -> None:
    run("rules", "init", "mine")
    Path("mine/relays/slow.toml").write_text(
        'id = "own.slow"\nrationale = "Told over a bad line."\n[[references]]\ntitle = "Made up"\n[when]\n'
        'via = "translation"\n[effect]\nfactor = 0.5\n', encoding="utf-8")  # fmt: skip
    assert run("rules", "docs", "--rules", "mine", "-o", "docs").code == 0
    text = Path("docs/relays-own.md").read_text(encoding="utf-8")
    assert "Told over a bad line." in text
    assert "File: relays/slow.toml" in text
    assert "File: shipped: relays/relay.toml" in Path("docs/relays-relay.md").read_text(encoding="utf-8")


def test_judgement_numbers_are_measured_on_the_set_that_is_given() -> None:
    Path("r.jsonl").write_text(lines(report(id="r1")), encoding="utf-8")
    assert run("rules", "docs", "-o", "docs", "--on", "r.jsonl").code == 0
    text = Path("docs/judgement-numbers.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    assert rows[0].startswith("| [source-types/government](source-types.md) | p | 0.75 | elicited, grade D | 1/1 |")
    assert "the ratings of 1 claim then" in text
    assert rows[-1].endswith("| 0/1 | 0.00000 | 0.00000 | 0.00000 | 0.00000 | – |")


def test_a_folder_of_others_is_refused_and_untouched() -> None:
    Path("docs").mkdir()
    Path("docs/index.html").write_text("theirs", encoding="utf-8")
    assert_refused(run("rules", "docs", "-o", "docs"), 3, "docs", "did not write", "name another folder")
    assert read("docs") == {"index.html": b"theirs"}
    assert_refused(run("rules", "docs", "-o", FIXTURES, "--rules", "none"), 3, "none")
