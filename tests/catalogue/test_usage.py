"""What is used most comes first."""

import os
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from tests.catalogue.making import at, make_file, rescan


@pytest.fixture
def library(catalogue: Catalogue, movies: Path) -> Catalogue:
    """Three folders with two files each; `new` has the newest files, `c` the oldest."""
    for age, name in enumerate(("new/2", "new/1", "b/2", "b/1", "c/2", "c/1")):
        file = make_file(movies / f"{name}.mp4", name)
        os.utime(file, (2e9 - age, 2e9 - age))
    rescan(catalogue, movies)
    return catalogue


def order(catalogue: Catalogue, movies: Path) -> list[str]:
    found = catalogue.by_use(catalogue.videos())
    return [str(video.path.relative_to(movies).with_suffix("")) for video in found]


def opened(catalogue: Catalogue, movies: Path, *names: str) -> None:
    for name in names:
        catalogue.note_opened(at(catalogue, movies / f"{name}.mp4").id)


def test_without_use_the_newest_files_come_first(library: Catalogue, movies: Path) -> None:
    assert order(library, movies) == ["new/2", "new/1", "b/2", "b/1", "c/2", "c/1"]


def test_the_folder_that_is_opened_most_comes_first(library: Catalogue, movies: Path) -> None:
    opened(library, movies, "c/1", "b/1", "c/2")
    assert order(library, movies) == ["c/2", "c/1", "b/2", "b/1", "new/2", "new/1"]


def test_of_equals_the_one_opened_last_comes_first(library: Catalogue, movies: Path) -> None:
    opened(library, movies, "c/1", "b/1", "b/1", "c/1")
    assert order(library, movies)[:4] == ["c/2", "c/1", "b/2", "b/1"]
    opened(library, movies, "b/2", "c/1", "b/2", "c/1", "b/2")
    assert order(library, movies)[:2] == ["b/2", "b/1"]


def test_a_moved_video_takes_its_use_along_and_a_removed_one_is_forgotten(
    library: Catalogue, movies: Path
) -> None:
    opened(library, movies, "c/1")
    (movies / "c" / "1.mp4").rename(movies / "b" / "moved.mp4")
    rescan(library, movies)
    assert order(library, movies)[0] == "b/2"
    library.note_opened(99_999)
    library.remove_folder(movies)
    library.add_folder(movies)
    rescan(library, movies)
    assert order(library, movies)[0] == "new/2"
