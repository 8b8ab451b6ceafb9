"""Text from outside can't steer a terminal: control and invisible characters are shown as escapes."""

from pathlib import Path

import pytest

from .command import lines, report, run

CLEAR = "\x1b[2J\x1b[H"
LINK = "\x1b]8;;https://example.org\x07"
TURNED = "\u202eevil\u2066\u200b"
ALLOWED = {"\n"}


def no_controls(text: str) -> bool:
    """Whether nothing in a text is unseen or moves a cursor, line feeds aside."""
    return all(char in ALLOWED or (char.isprintable()) for char in text)


def hostile(**fields: object) -> dict[str, object]:
    """A report in which every text is hostile."""
    chain = [
        {"source": f"Ministry{CLEAR}", "type": "government", "hedge": f"likely{LINK}", "facts": {"group": TURNED}},
        {"source": f"Quay{TURNED}", "type": "media"},
    ]
    texts = {"id": f"r{LINK}", "claim": f"c{CLEAR}", "text": f"Bridge{TURNED}{LINK} closed"}
    return report(**{**texts, "provenance": chain, **fields})


@pytest.fixture
def reports(folder: Path) -> Path:
    path = folder / "r.jsonl"
    path.write_text(lines(hostile(), hostile(id="r2", stance="denies")), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_rate_shows_escapes(reports: Path, form: str) -> None:
    result = run("rate", reports, "--format", form)
    assert result.code == 0
    assert no_controls(result.out)
    assert no_controls(result.err)
    assert "\\x1b" in result.out.replace("\\\\", "\\")


def test_explain_claims_and_recompute_show_escapes(reports: Path, folder: Path) -> None:
    explained = run("explain", f"c{CLEAR}", reports)
    assert explained.code == 0
    assert no_controls(explained.out)
    assert "c\\x1b[2J\\x1b[H: Bridge\\u202eevil\\u2066\\u200b\\x1b]8;;" in explained.out
    assert no_controls(run("claims", reports, "--format", "table").out)
    (folder / "ratings.jsonl").write_bytes(run("rate", reports).stdout)
    assert no_controls(run("recompute", "ratings.jsonl", "--format", "table").out)


def test_json_keeps_the_text_and_no_bare_control(reports: Path) -> None:
    result = run("rate", reports)
    assert result.records[0]["claim"]["id"] == f"c{CLEAR}"
    assert "\x1b" not in result.out
    assert "\x07" not in result.out


def test_errors_and_remarks_show_escapes(folder: Path) -> None:
    name = f"a{CLEAR}.jsonl"
    (folder / name).write_text(lines(hostile(stance=f"doubts{LINK}"), hostile(**{f"key{CLEAR}": 1})), encoding="utf-8")
    result = run("rate", name)
    assert result.code == 0
    assert len(result.err.splitlines()) == 2
    for arguments in (
        ("rate", f"no{CLEAR}.jsonl"),
        ("rate", name, "--strict"),
        ("explain", f"x{LINK}", name),
        ("rate", name, "--dry-run"),
        ("rate", name, "--publisher", f"x{CLEAR}:nope"),
    ):
        assert no_controls(run(*arguments).err)
    assert no_controls(result.err)
    assert no_controls(run("rate", name, "--dry-run").out)


def test_a_name_that_is_not_utf_8_is_shown_and_not_a_crash(folder: Path) -> None:
    name = b"caf\xe9.jsonl".decode("utf-8", "surrogateescape")
    try:
        (folder / name).write_text("{}\n", encoding="utf-8")
    except (OSError, UnicodeError):  # pragma: no cover
        pytest.skip("this file system takes UTF-8 names only")
    result = run("rate", name)
    assert result.code == 3
    assert "caf\\xe9.jsonl" in result.err


def test_a_formula_is_text_in_csv(folder: Path) -> None:
    (folder / "r.jsonl").write_text(lines(report(id="a", text='=HYPERLINK("https://example.org")')), encoding="utf-8")
    assert "'=HYPERLINK" in run("rate", "r.jsonl", "--format", "csv").out
