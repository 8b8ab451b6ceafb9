"""A folder of files is written whole, again and again, and never over what somebody else put there."""

from pathlib import Path

import pytest

from reliability.errors import InputError
from reliability.io.folder_out import MANIFEST, write_folder


def held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != MANIFEST}


def test_what_an_earlier_run_wrote_and_this_one_does_not_is_taken_away(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "docs"
    write_folder(place, {"a.md": "1", "b.md": "2"}, "me")
    (place / "notes.txt").write_text("theirs", encoding="utf-8")
    write_folder(place, {"b.md": "3", "c.md": "4"}, "me")
    assert held(place) == {"b.md": "3", "c.md": "4", "notes.txt": "theirs"}
    before = (place / MANIFEST).read_bytes()
    write_folder(place, {"c.md": "4", "b.md": "3"}, "me")
    assert (place / MANIFEST).read_bytes() == before


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.md": "1"}, "me")
    assert held(tmp_path) == {"a.md": "1"}


@pytest.mark.parametrize(
    "manifest",
    [None, "", "[]", "{}", '{"made_by": "another", "files": []}', '{"made_by": "me", "files": ["../../x"]}',
     '{"made_by": "me", "files": [".bashrc"]}', '{"made_by": "me", "files": ["a/b"]}', '{"made_by": "me", "files": 7}',
     '{"made_by": "me", "files": [null]}', "\x00\x01"],
)  # fmt: skip
def test_a_folder_that_is_not_ours_is_refused_before_anything_is_written(tmp_path: Path, manifest: str | None) -> None:
    place = tmp_path / "theirs"
    place.mkdir()
    (place / "a.md").write_text("theirs", encoding="utf-8")
    if manifest is not None:
        (place / MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(InputError, match="did not write"):
        write_folder(place, {"a.md": "ours"}, "me")
    assert held(place) == {"a.md": "theirs"}


def test_a_file_is_no_folder_and_a_place_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        write_folder(tmp_path / "file", {"a.md": "1"}, "me")
    with pytest.raises(InputError, match="can't be made"):
        write_folder(tmp_path / "file" / "in", {"a.md": "1"}, "me")
