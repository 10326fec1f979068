"""A library's folder is made by whoever is quickest."""

import threading
from pathlib import Path

import pytest

from app.database.library_folder import make_folder
from app.errors import LibraryError


def test_several_that_make_it_at_once_all_have_it(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def make(folder: Path, together: threading.Barrier) -> None:
        together.wait()
        try:
            make_folder(folder)
        except LibraryError as error:
            failed.append(error)

    for number in range(100):
        together = threading.Barrier(3)
        goal = tmp_path / f"{number}" / "library"
        threads = [threading.Thread(target=make, args=(goal, together)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert goal.is_dir()
    assert failed == []


def test_a_file_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "library").touch()
    with pytest.raises(LibraryError, match="is a file"):
        make_folder(tmp_path / "library")
