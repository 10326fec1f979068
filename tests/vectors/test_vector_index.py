"""The vector index against brute force, step by step with the library."""

import threading
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import (
    MODEL,
    WIDTH,
    at,
    index_all,
    make_file,
    rescan,
    rows_for,
)


@pytest.fixture
def index(catalogue: Catalogue) -> VectorIndex:
    return VectorIndex(catalogue.folder, MODEL, WIDTH)


def fill(catalogue: Catalogue, movies: Path, count: int) -> None:
    for i in range(count):
        make_file(movies / f"{i}.mp4", f"video {i}")
    rescan(catalogue, movies)
    index_all(catalogue)


def assert_same(one: Gallery, other: Gallery) -> None:
    for field in fields(Gallery):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name == "vectors":
            mine, theirs = mine[:], theirs[:]
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs, err_msg=field.name)


def fresh(catalogue: Catalogue) -> Gallery:
    index = VectorIndex(catalogue.folder, MODEL, WIDTH)
    index.refresh(catalogue)
    return index.gallery


def queries(count: int, width: int = WIDTH) -> NDArray[np.float32]:
    return np.random.default_rng(99).standard_normal((count, width)).astype(np.float32)


def brute_force(
    gallery: Gallery, query: NDArray[np.float32], k: int
) -> tuple[list[int], NDArray[np.float64]]:
    vectors = gallery.vectors[:].astype(np.float64)
    scores = vectors @ (query.astype(np.float64) / np.linalg.norm(query.astype(np.float64)))
    order = np.argsort(-scores, kind="stable")[:k]
    return order.tolist(), scores[order]


def test_an_empty_library(catalogue: Catalogue, index: VectorIndex) -> None:
    assert not index.refresh(catalogue)
    assert len(index.gallery) == 0
    assert index.gallery.vectors.shape == (0, WIDTH)
    rows, scores = index.nearest_frames(queries(1)[0], 10)
    assert (len(rows), len(scores)) == (0, 0)
    assert not index.wants_build
    assert not index.finish_graph()
    index.save()


def test_the_gallery_is_what_was_stored(catalogue: Catalogue, movies: Path, index: VectorIndex) -> None:
    fill(catalogue, movies, 3)
    assert index.refresh(catalogue)
    gallery = index.gallery
    stored = list(catalogue.embeddings(MODEL))
    raw = np.concatenate([rows.matrix for rows in stored]).astype(np.float64)
    norms = np.linalg.norm(raw, axis=1)
    np.testing.assert_allclose(gallery.norms, norms, rtol=1e-6)
    np.testing.assert_allclose(gallery.vectors[:], raw / norms[:, None], rtol=0, atol=1e-6)
    vectors = gallery.vectors[:]
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert not vectors.flags.writeable
    assert gallery.frame_ids.tolist() == [i for rows in stored for i in rows.frame_ids.tolist()]
    assert gallery.times.tolist() == [0, 1, 2, 3, 4] * 3
    assert gallery.video_of_row.tolist() == [rows.video_id for rows in stored for _ in range(5)]
    assert set(gallery.folder_of_row.tolist()) == {catalogue.folders()[0].id}
    assert gallery.clip_of_row.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 6, 6, 7, 7, 8]
    assert gallery.clip_starts.tolist() == [0, 2, 4, 5, 7, 9, 10, 12, 14]
    assert [gallery.clip_rows(clip) for clip in (0, 2, 8)] == [(0, 2), (4, 5), (14, 15)]


def test_nearest_frames_are_those_of_brute_force(
    catalogue: Catalogue, movies: Path, index: VectorIndex
) -> None:
    fill(catalogue, movies, 40)
    index.refresh(catalogue)
    for query in queries(20):
        for k in (1, 7, 200, 1000):
            rows, scores = index.nearest_frames(query * 3, k)
            wanted, exact = brute_force(index.gallery, query, k)
            assert rows.tolist() == wanted
            np.testing.assert_allclose(scores, exact, atol=1e-6)
            assert scores.dtype == np.float32
    assert len(index.nearest_frames(queries(1)[0], 0)[0]) == 0


@pytest.mark.parametrize("step", [2, 40])
def test_a_subset_is_searched_alone(
    catalogue: Catalogue, movies: Path, index: VectorIndex, step: int
) -> None:
    fill(catalogue, movies, 40)
    index.refresh(catalogue)
    subset = np.arange(1, 200, step)
    for query in queries(5):
        rows, scores = index.nearest_frames(query, 4, rows=subset)
        wanted = [row for row in brute_force(index.gallery, query, 200)[0] if row in set(subset.tolist())][:4]
        assert rows.tolist() == wanted
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    none = index.nearest_frames(queries(1)[0], 4, rows=np.empty(0, np.intp))
    assert len(none[0]) == 0


def test_equal_frames_come_in_order_of_rows(catalogue: Catalogue, movies: Path, index: VectorIndex) -> None:
    for name in "abc":
        make_file(movies / f"{name}.mp4", name)
    rescan(catalogue, movies)
    vectors = np.tile(np.eye(WIDTH, dtype=np.float32)[:1], (20, 1))
    vectors[7] = 0.0  # a black frame that the encoder gave nothing for
    for video in catalogue.pending(MODEL):
        catalogue.commit_indexed(
            video.id,
            rows_for(video, 20, vectors=vectors),
            fingerprint=f"{video.id:064}",
            mtime_ns=video.mtime_ns,
        )
    index.refresh(catalogue)
    rows, scores = index.nearest_frames(np.eye(WIDTH, dtype=np.float32)[0], 9)
    assert rows.tolist() == [0, 1, 2, 3, 4, 5, 6, 8, 9]
    assert set(scores.tolist()) == {1.0}
    assert not np.isnan(index.gallery.vectors[:]).any()


def test_refresh_follows_the_library_and_leaves_old_snapshots_alone(
    catalogue: Catalogue, movies: Path, index: VectorIndex
) -> None:
    fill(catalogue, movies, 2)
    assert index.refresh(catalogue)
    assert not index.refresh(catalogue)
    old = index.gallery
    copy = {field.name: getattr(old, field.name)[:].copy() for field in fields(Gallery)}

    make_file(movies / "new.mp4", "new")
    rescan(catalogue, movies)
    index_all(catalogue)
    assert index.refresh(catalogue)
    assert len(index.gallery) == 15
    assert np.shares_memory(index.gallery.vectors[:], old.vectors[:])  # only the new rows were written

    make_file(movies / "0.mp4", "another content")
    rescan(catalogue, movies)
    index_all(catalogue)
    assert index.refresh(catalogue)
    assert len(index.gallery) == 15
    assert_same(index.gallery, fresh(catalogue))

    catalogue.remove_folder(movies)
    assert index.refresh(catalogue)
    assert len(index.gallery) == 0
    for name, values in copy.items():
        np.testing.assert_array_equal(getattr(old, name)[:], values)
    rows, _ = index.nearest_frames(queries(1)[0], 3, gallery=old)
    assert rows.tolist() == brute_force(old, queries(1)[0], 3)[0]


def test_a_change_that_concerns_another_model_changes_nothing(
    catalogue: Catalogue, movies: Path, index: VectorIndex
) -> None:
    fill(catalogue, movies, 2)
    index.refresh(catalogue)
    before = index.gallery
    index_all(catalogue, "another model")
    assert not index.refresh(catalogue)
    assert index.gallery is before


def test_a_video_that_changes_folders(catalogue: Catalogue, movies: Path, index: VectorIndex) -> None:
    fill(catalogue, movies, 3)
    index.refresh(catalogue)
    goal = movies.parent / "goal"
    goal.mkdir()
    added = catalogue.add_folder(goal)
    number = at(catalogue, movies / "1.mp4").id
    (movies / "1.mp4").rename(goal / "1.mp4")
    rescan(catalogue, goal)
    assert index.refresh(catalogue)
    gallery = index.gallery
    assert set(gallery.folder_of_row[gallery.video_of_row == number].tolist()) == {added.id}
    assert_same(gallery, fresh(catalogue))


def test_an_embedding_of_another_width_is_left_out_and_made_again(
    catalogue: Catalogue, movies: Path, index: VectorIndex
) -> None:
    fill(catalogue, movies, 3)
    with catalogue._connections.writing() as database:
        database.execute("UPDATE embeddings SET width = 4, vectors = zeroblob(5 * 4 * 2) WHERE video_id = 2")
    index.refresh(catalogue)
    assert set(index.gallery.video_of_row.tolist()) == {1, 3}
    assert [video.id for video in catalogue.pending(MODEL)] == [2]
    index_all(catalogue)
    index.refresh(catalogue)
    assert set(index.gallery.video_of_row.tolist()) == {1, 2, 3}


def test_growth_copies_rarely(catalogue: Catalogue) -> None:
    store = GalleryStore(4, capacity=4)
    buffers = set()
    for video in range(1000):
        frames = np.arange(3 * video, 3 * video + 3)
        store.append(
            StoredEmbeddings(
                video, 1, video, np.ones((3, 4), np.float16), frames, frames * 1.0, np.zeros(3, np.int32)
            )
        )
        gallery = store.snapshot()
        buffers.add(gallery.vectors[:].__array_interface__["data"][0])
    assert len(buffers) <= 12
    assert gallery.frame_ids.tolist() == list(range(3000))
    assert gallery.clip_starts.tolist() == list(range(0, 3000, 3))


def test_searching_while_the_library_grows(catalogue: Catalogue, movies: Path, index: VectorIndex) -> None:
    fill(catalogue, movies, 30)
    for i in range(30, 60):
        make_file(movies / f"{i}.mp4", f"video {i}")
    rescan(catalogue, movies)
    done = threading.Event()
    wrong: list[object] = []

    def search() -> None:
        while not done.is_set():
            gallery = index.gallery
            rows, scores = index.nearest_frames(queries(1)[0], 5, gallery=gallery)
            wanted = brute_force(gallery, queries(1)[0], 5)[1]
            if len(scores) != len(wanted) or not np.allclose(scores, wanted, atol=1e-6):
                wrong.append((rows, scores))

    searcher = threading.Thread(target=search)
    searcher.start()
    for video in catalogue.pending(MODEL):
        index_all(catalogue, only=[video.id])
        index.refresh(catalogue)
        (movies / f"{video.id % 30}.mp4").unlink(missing_ok=True)
    done.set()
    searcher.join()
    assert wrong == []
    assert_same(index.gallery, fresh(catalogue))


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(2, 8))]
)
def test_after_any_sequence_of_changes_the_index_is_that_of_a_fresh_start(
    catalogue: Catalogue, movies: Path, index: VectorIndex, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    other = movies.parent / "other"
    other.mkdir()
    catalogue.add_folder(other)
    for step in range(60):
        files = sorted([*movies.glob("*.mp4"), *other.glob("*.mp4")])
        file = files[chance.integers(len(files))] if files else None
        goal = (movies, other)[chance.integers(2)] / f"{chance.integers(12)}.mp4"
        match chance.integers(8):
            case 0 | 1 | 2:
                make_file(goal, f"content {seed} {step} " + "x" * int(chance.integers(3)))
            case 3 if file is not None:
                file.replace(goal)
            case 4 if file is not None:
                file.unlink()
            case 5 if file is not None and step % 3 == 0:
                catalogue.remove_folder(file.parent)
                catalogue.add_folder(file.parent)
            case 6 if file is not None:
                catalogue.commit_failed(at_any(catalogue), "Bad luck.", "Try again.")
        if chance.random() < 0.6:
            rescan(catalogue, (movies, other)[chance.integers(2)])
        if chance.random() < 0.6:
            for video in catalogue.pending(MODEL):
                if video.path.exists():
                    rows = rows_for(video, int(chance.integers(0, 6)), seed=step)
                    catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id} {step}")
        if chance.random() < 0.5:
            index.refresh(catalogue)
            assert_same(index.gallery, fresh(catalogue))
    index.refresh(catalogue)
    assert_same(index.gallery, fresh(catalogue))
    live = {number for number, rows in catalogue.embedded(MODEL).items() if catalogue.frames(number)}
    assert set(index.gallery.video_of_row.tolist()) == live


def at_any(catalogue: Catalogue) -> int:
    """Id of the first video, 0 where there is none."""
    return next((video.id for video in catalogue.videos()), 0)
