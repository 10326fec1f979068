"""The gallery's file: the same answers as without it, however the library changes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.catalogue.catalogue import Catalogue
from app.errors import LibraryError
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import MODEL, WIDTH
from tests.vectors.kept_gallery import Watched, add, assert_true, keep, open_index, remove, vectors_file


def test_a_restart_maps_what_was_kept_and_reads_only_what_is_new(filled: Catalogue, movies: Path) -> None:
    keep(filled)
    add(filled, movies, range(10, 12))
    source = Watched(filled)
    index = VectorIndex(filled.folder, MODEL, WIDTH, kept_from=1)
    assert index.refresh(source)  # type: ignore[arg-type]
    assert source.read == [11, 12]
    assert_true(index.gallery, filled)
    assert not index.refresh(filled)
    assert source.compared == 1
    add(filled, movies, range(12, 13))
    assert index.refresh(source)  # type: ignore[arg-type]
    assert (source.compared, source.read) == (1, [11, 12, 13]), "a new video costs no look at the others"
    remove(filled, movies, 2)
    assert index.refresh(source)  # type: ignore[arg-type]
    assert source.compared == 2
    assert_true(index.gallery, filled)


def test_nothing_is_kept_of_a_small_library(filled: Catalogue) -> None:
    index = open_index(filled, kept_from=201)
    assert not index.wants_save
    index.save()
    assert list(filled.folder.glob("vectors-*")) == []


def test_saving_changes_no_answer_and_leaves_old_snapshots_alone(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    old, before = index.gallery, index.gallery.vectors[:].copy()
    query = np.random.default_rng(3).standard_normal(WIDTH).astype(np.float32)
    answer = [part.tolist() for part in index.nearest_frames(query, 50)]
    index.save()
    assert [part.tolist() for part in index.nearest_frames(query, 50)] == answer
    assert [part.tolist() for part in open_index(filled).nearest_frames(query, 50)] == answer
    add(filled, movies, range(10, 30))
    index.refresh(filled)
    index.save()
    remove(filled, movies, *range(15))
    index.refresh(filled)
    index.save()
    np.testing.assert_array_equal(old.vectors[:], before)


def test_new_videos_are_added_at_the_end_without_copying(filled: Catalogue, movies: Path) -> None:
    index = keep(filled)
    file, mapped = vectors_file(filled), index.gallery
    before, inode = file.read_bytes(), file.stat().st_ino
    add(filled, movies, range(10, 13))
    index.refresh(filled)
    assert np.shares_memory(index.gallery.vectors[:], mapped.vectors[:])
    assert file.read_bytes() == before, "what is new is this process' own until it is kept"
    index.save()
    assert file.stat().st_ino == inode
    end = 4096 + 200 * WIDTH * 4
    assert file.read_bytes()[:end] == before[:end]
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


def test_it_grows_beyond_its_room(filled: Catalogue, movies: Path) -> None:
    keep(filled)
    with vectors_file(filled).open("r+b") as file:  # as if there was no room left in it
        file.truncate(4096 + 200 * WIDTH * 4)
    index = open_index(filled)
    add(filled, movies, range(10, 40))
    index.refresh(filled)
    assert index._file.stored == 200, "it goes on in the file"
    assert_true(index.gallery, filled)
    index.save()
    assert_true(open_index(filled).gallery, filled)


def test_what_is_committed_while_it_is_written_is_not_lost(filled: Catalogue, movies: Path) -> None:
    index = open_index(filled)
    real = index._file.save

    def slowly(*args: object, **options: object) -> object:
        saved = real(*args, **options)  # type: ignore[arg-type]
        remove(filled, movies, 3)
        add(filled, movies, range(20, 23))
        index.refresh(filled)
        return saved

    index._file.save = slowly  # type: ignore[method-assign, assignment]
    index.save()
    index._file.save = real  # type: ignore[method-assign]
    assert_true(index.gallery, filled)
    index.save()
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)


def test_a_refresh_that_was_cut_short_is_made_up_for(filled: Catalogue, movies: Path) -> None:
    index = keep(filled)
    remove(filled, movies, 3)
    add(filled, movies, range(20, 24))

    class Broken(Watched):
        def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
            for stored in super().embeddings(model, after):
                if len(self.read) == 3:
                    raise LibraryError("The disk is gone.", "Connect it.")
                yield stored

    with pytest.raises(LibraryError):
        index.refresh(Broken(filled))  # type: ignore[arg-type]
    index.save()
    assert_true(open_index(filled).gallery, filled)
    assert index.refresh(filled)
    assert_true(index.gallery, filled)
    index.save()
    assert_true(open_index(filled).gallery, filled)


def test_removed_videos_are_passed_over_and_left_out_when_it_is_worth_while(
    filled: Catalogue, movies: Path
) -> None:
    index = keep(filled)
    first, mapped = vectors_file(filled), index.gallery
    remove(filled, movies, 2, 5)
    index.refresh(filled)
    assert np.shares_memory(index.gallery.vectors.stored, mapped.vectors.stored)
    assert len(index.gallery) == 160
    assert_true(index.gallery, filled)
    add(filled, movies, range(10, 11))
    index.refresh(filled)
    index.save()
    assert vectors_file(filled) == first
    assert_true(open_index(filled).gallery, filled)

    remove(filled, movies, 0, 7)
    index.refresh(filled)
    assert index.wants_save
    index.save()
    assert vectors_file(filled) != first, "they were written anew, and the old file is gone"
    assert index.gallery.vectors.places is None
    assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)

    remove(filled, movies, 1, 3, 4, 6, 8)
    index.refresh(filled)
    assert index.gallery.vectors.places is None, "most are gone: the others are copied at once"
    assert_true(index.gallery, filled)
    index.save()
    assert_true(open_index(filled).gallery, filled)
    remove(filled, movies, 9, 10)
    index.refresh(filled)
    assert len(index.gallery) == 0
    assert len(open_index(filled).gallery) == 0


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(2, 8))]
)
def test_after_any_sequence_of_changes_the_kept_gallery_is_that_of_the_library(
    filled: Catalogue, movies: Path, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    indexes = [open_index(filled), open_index(filled)]
    used = 10
    for _ in range(40):
        match chance.integers(6):
            case 0 | 1:
                add(filled, movies, range(used, used + int(chance.integers(1, 4))))
                used += 4
            case 2:
                there = sorted(int(file.stem) for file in movies.glob("*.mp4"))
                remove(filled, movies, *chance.permutation(there)[: chance.integers(1, 4)].tolist())
            case 3:
                indexes[chance.integers(2)].save()
            case 4:
                indexes[chance.integers(2)] = open_index(filled)
        index = indexes[chance.integers(2)]
        index.refresh(filled)
        assert_true(index.gallery, filled)
    for index in indexes:
        index.refresh(filled)
        index.save()
        assert_true(index.gallery, filled)
    assert_true(open_index(filled).gallery, filled)
