"""The pictures that `search --json` names exist, however many searches went before or run beside."""

import os
from pathlib import Path

import pytest

from app.cli import results
from app.errors import LibraryError


def test_a_picture_that_is_named_again_is_not_the_next_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "_KEPT_THUMBNAILS", 2)
    folder = tmp_path / "thumbnails"
    first = results._export(b"first", folder)
    assert first is not None
    os.utime(first, (1, 1))
    for age, content in enumerate((b"second", b"third"), start=2):
        made = results._export(content, folder)
        assert made is not None
        os.utime(made, (age, age))
    assert results._export(b"first", folder) == first
    results._prune(folder)
    assert Path(first).read_bytes() == b"first"
    assert len(list(folder.iterdir())) == 2


def test_pictures_that_cannot_be_written_are_the_worlds_fault(tmp_path: Path) -> None:
    (tmp_path / "thumbnails").write_text("a file where the folder should be")
    with pytest.raises(LibraryError, match="Thumbnails"):
        results._export(b"picture", tmp_path / "thumbnails")
