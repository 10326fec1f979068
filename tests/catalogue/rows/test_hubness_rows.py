"""What a bank of queries says of a video is kept with the embeddings it was made from, and goes with them."""

from pathlib import Path

import numpy as np

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.records import StoredHubness
from app.database import migration_steps
from app.database.connections import Connections
from app.vectors.embeddings import StoredEmbeddings
from tests.catalogue.making import (
    MODEL,
    WIDTH,
    at,
    index_all,
    make_file,
    rescan,
)


def fill(catalogue: Catalogue, movies: Path, count: int) -> None:
    for i in range(count):
        make_file(movies / f"{i}.mp4", f"video {i}")
    rescan(catalogue, movies)
    index_all(catalogue)


def made_from(stored: StoredEmbeddings) -> StoredHubness:
    clips = len(np.unique(stored.clips))
    return StoredHubness(
        stored.video_id,
        np.arange(clips, dtype=np.float32) + stored.video_id,
        np.array([0.25, -np.inf], np.float32),
        np.array([clips - 1, 0], np.int32),
    )


def keep_all(catalogue: Catalogue, model: str = MODEL, bank: str = "bank") -> list[int]:
    missing = catalogue.lacking_hubness(model, bank)
    catalogue.keep_hubness(model, bank, missing, made_from)
    return missing


def test_rows_come_back_as_they_were_made(catalogue: Catalogue, movies: Path) -> None:
    fill(catalogue, movies, 3)
    numbers = keep_all(catalogue)
    assert numbers == sorted(catalogue.embedded(MODEL))
    rows = catalogue.hubness(MODEL, "bank")
    assert [row.video_id for row in rows] == numbers
    for row, stored in zip(rows, catalogue.embeddings(MODEL), strict=True):
        wanted = made_from(stored)
        np.testing.assert_array_equal(row.levels, wanted.levels)
        np.testing.assert_array_equal(row.peaks, wanted.peaks)
        np.testing.assert_array_equal(row.places, wanted.places)
    assert catalogue.lacking_hubness(MODEL, "bank") == []


def test_only_what_is_new_or_has_changed_lacks_a_row(catalogue: Catalogue, movies: Path) -> None:
    fill(catalogue, movies, 3)
    keep_all(catalogue)
    make_file(movies / "new.mp4", "new")
    make_file(movies / "1.mp4", "another content")
    rescan(catalogue, movies)
    assert catalogue.lacking_hubness(MODEL, "bank") == []  # until it is indexed again
    index_all(catalogue)
    changed = {at(catalogue, movies / name).id for name in ("new.mp4", "1.mp4")}
    assert set(keep_all(catalogue)) == changed
    assert len(catalogue.hubness(MODEL, "bank")) == 4


def test_a_moved_video_keeps_its_row_and_a_removed_one_takes_it_along(
    catalogue: Catalogue, movies: Path
) -> None:
    fill(catalogue, movies, 2)
    keep_all(catalogue)
    (movies / "0.mp4").rename(movies / "moved.mp4")
    rescan(catalogue, movies)
    assert catalogue.lacking_hubness(MODEL, "bank") == []
    assert len(catalogue.hubness(MODEL, "bank")) == 2
    catalogue.remove_folder(movies)
    assert catalogue.hubness(MODEL, "bank") == []
    assert catalogue.is_intact()


def test_another_bank_or_model_starts_anew(catalogue: Catalogue, movies: Path) -> None:
    fill(catalogue, movies, 2)
    vectors = np.random.default_rng(0).standard_normal((5, WIDTH)).astype(np.float32)
    catalogue.keep_bank(MODEL, "bank", vectors)
    keep_all(catalogue)
    np.testing.assert_array_equal(catalogue.bank(MODEL, "bank"), vectors)
    assert catalogue.bank(MODEL, "another") is None
    assert catalogue.bank("another model", "bank") is None

    index_all(catalogue, "another model")
    assert len(keep_all(catalogue, "another model")) == 2
    assert len(catalogue.hubness(MODEL, "bank")) == 2

    catalogue.keep_bank(MODEL, "another", vectors[:3])
    assert catalogue.bank(MODEL, "bank") is None
    assert catalogue.hubness(MODEL, "bank") == []
    assert len(keep_all(catalogue, bank="another")) == 2
    assert len(catalogue.hubness("another model", "bank")) == 2


def test_what_was_made_from_embeddings_that_are_gone_is_not_kept(catalogue: Catalogue, movies: Path) -> None:
    """Indexing goes on in another thread or process."""
    fill(catalogue, movies, 2)

    def while_indexing(stored: StoredEmbeddings) -> StoredHubness:
        if stored.video_id == 1:
            make_file(movies / "0.mp4", "changed meanwhile")
            rescan(catalogue, movies)
            index_all(catalogue)
        return made_from(stored)

    catalogue.keep_hubness(MODEL, "bank", [1, 2, 99], while_indexing)
    assert [row.video_id for row in catalogue.hubness(MODEL, "bank")] == [2]
    assert catalogue.lacking_hubness(MODEL, "bank") == [1]


def test_a_library_from_before_is_brought_up_to_date(tmp_path: Path) -> None:
    movies = make_file(tmp_path / "movies" / "a.mp4", "a").parent
    library = tmp_path / "library"
    library.mkdir()
    connections = Connections(library / FILE_NAME)
    with connections.writing() as database:
        migration_steps.migrations.apply(database, stop_before="hubness")
    connections.close()
    with Catalogue(library) as catalogue:
        catalogue.add_folder(movies)
        rescan(catalogue, movies)
        index_all(catalogue)
        assert len(keep_all(catalogue)) == 1
