"""The measurement of attribution in small: it runs on data that is there, and says when it isn't."""

import json
from pathlib import Path

import pytest
from measure import attribution
from measure.data import gold


def test_without_data_a_measurement_says_so_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELIABILITY_DATA", str(tmp_path))
    assert attribution.main([]) == 0
    assert "skipped: no data at" in capsys.readouterr().out
    assert gold("nothing.jsonl") is None


def test_what_is_read_is_handed_to_the_measure_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "attribution"
    folder.mkdir()
    (folder / "score.py").write_text("import sys; print(len(open(sys.argv[1]).readlines()), open(sys.argv[2]).read())")
    rows = [{"doc": name, "text": f"{name} said it was late.", "attributions": []} for name in ("Kim", "Lee", "Han")]
    (folder / "polnear-train.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    monkeypatch.setenv("RELIABILITY_DATA", str(tmp_path))
    assert attribution.main(["--documents", "1", "--skip", "1"]) == 0
    count, _, line = capfd.readouterr().out.partition(" ")
    [found] = json.loads(line)["attributions"]
    assert (count, found["source"], found["cue"], found["content"]) == ("1", [[0, 3]], [[4, 8]], [[9, 20]])
