"""Libraries that keep their gallery, and what it has to be."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np

from app.catalogue.catalogue import Catalogue
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import MODEL, WIDTH, index_all, make_file, rescan

FRAMES = 20
"""Per video."""


def add(catalogue: Catalogue, movies: Path, numbers: range) -> None:
    for number in numbers:
        make_file(movies / f"{number:03}.mp4", f"video {number}")
    rescan(catalogue, movies)
    index_all(catalogue, count=FRAMES)


def remove(catalogue: Catalogue, movies: Path, *numbers: int) -> None:
    for number in numbers:
        (movies / f"{number:03}.mp4").unlink()
    rescan(catalogue, movies)


def open_index(catalogue: Catalogue, *, kept_from: int = 1) -> VectorIndex:
    index = VectorIndex(catalogue.folder, MODEL, WIDTH, kept_from=kept_from)
    index.refresh(catalogue)
    return index


def keep(catalogue: Catalogue) -> VectorIndex:
    """Keep the gallery as it is now."""
    index = open_index(catalogue)
    index.save()
    assert not index.wants_save
    return index


def assert_true(gallery: Gallery, catalogue: Catalogue) -> None:
    """It is what the library gives to somebody who has no file, to the bit."""
    assert_equal(gallery, read_alone(catalogue))


def read_alone(catalogue: Catalogue) -> Gallery:
    nowhere = VectorIndex(catalogue.folder / "nowhere", MODEL, WIDTH)
    nowhere.refresh(catalogue)
    return nowhere.gallery


def assert_equal(one: Gallery, other: Gallery) -> None:
    for field in fields(Gallery):
        mine, theirs = getattr(one, field.name)[:], getattr(other, field.name)[:]
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs, err_msg=field.name)


def vectors_file(catalogue: Catalogue) -> Path:
    (file,) = catalogue.folder.glob("vectors-*.gallery")
    return file


def rows_file(catalogue: Catalogue) -> Path:
    (file,) = catalogue.folder.glob("vectors-*.rows")
    return file


class Watched:
    """A library that notes which videos' vectors are read."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.read: list[int] = []
        self.compared = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._catalogue, name)

    def embedded(self, model: str) -> dict[int, int]:
        self.compared += 1
        return self._catalogue.embedded(model)

    def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
        for stored in self._catalogue.embeddings(model, after):
            self.read.append(stored.video_id)
            yield stored
