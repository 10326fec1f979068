"""The vector index above `exact_limit`: the graph in its process answers, and nothing new is ever missed."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("hnswlib", reason="the extra hnsw is not installed")

from app.catalogue.catalogue import Catalogue
from app.vectors.graph import graph_process
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import make_file, rescan, rows_for
from tests.conftest import wait_until
from tests.vectors.made_vectors import WIDTH, images, texts

MODEL = "tiny-hnsw"
LIMIT = 500

OpenIndex = Callable[..., VectorIndex]


@pytest.fixture
def open_index(catalogue: Catalogue) -> Iterator[OpenIndex]:
    """Opens the library's index, as a start of the program does; all are closed at the end."""
    opened = []

    def open_one(*, limit: int = LIMIT) -> VectorIndex:
        index = VectorIndex(catalogue.folder, MODEL, WIDTH, exact_limit=limit, kept_from=1)
        opened.append(index)
        index.refresh(catalogue)
        return index

    yield open_one
    for index in opened:
        index.close()


@pytest.fixture
def exact(catalogue: Catalogue) -> Callable[[], VectorIndex]:
    """Opens one that never asks a graph, and keeps no gallery."""

    def open_one() -> VectorIndex:
        index = VectorIndex(catalogue.folder, MODEL, WIDTH, kept_from=10**9)
        index.refresh(catalogue)
        return index

    return open_one


def commit(catalogue: Catalogue, movies: Path, numbers: range, frames: int = 50) -> None:
    for i in numbers:
        make_file(movies / f"{i:03}.mp4", f"video {i}")
    rescan(catalogue, movies)
    for video in catalogue.pending(MODEL):
        vectors = images(frames, seed=100 + video.id)
        rows = rows_for(video, frames, seed=video.id, model=MODEL, vectors=vectors)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id:064}")


def remove(catalogue: Catalogue, movies: Path, *numbers: int) -> None:
    """Take videos out of the library: a scan of their folder finds another file over each."""
    for number in numbers:
        make_file(movies / f"{number:03}.mp4", f"it is another one now, number {number}")
    rescan(catalogue, movies)
    for video in catalogue.pending(MODEL):
        rows = rows_for(video, 0, model=MODEL, width=WIDTH)
        catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id:064} removed")


def recall(index: VectorIndex, exact: VectorIndex, k: int = 100) -> float:
    """Share of the exact answer's frames that the index found, over text-like queries."""
    found = 0
    wanted = texts(40)
    for query in wanted:
        mine = index.gallery.frame_ids[index.nearest_frames(query, k)[0]]
        theirs = exact.gallery.frame_ids[exact.nearest_frames(query, k)[0]]
        found += len(np.intersect1d(mine, theirs))
    return found / (k * len(wanted))


def answers(index: VectorIndex) -> list[tuple[list[int], list[float]]]:
    return [tuple(part.tolist() for part in index.nearest_frames(query, 50)) for query in texts(10)]  # type: ignore[misc]


def asks_graph(index: VectorIndex) -> bool:
    """Whether its graph answers for the gallery as it is, however busy this computer is."""
    query = texts(1)[0] / np.float32(np.linalg.norm(texts(1)[0]))
    return wait_until(lambda: index.store.nearest(index.gallery, query, 10) is not None, 60)


@pytest.fixture
def filled(catalogue: Catalogue, movies: Path) -> Catalogue:
    """1,500 frames in 30 videos."""
    commit(catalogue, movies, range(30))
    return catalogue


def test_up_to_the_limit_there_is_no_graph(catalogue: Catalogue, movies: Path, open_index: OpenIndex) -> None:
    commit(catalogue, movies, range(10))
    index = open_index()
    assert len(index.gallery) == LIMIT
    assert not index.wants_build
    assert not index.finish_graph()
    assert list(catalogue.folder.glob("*.hnsw")) == []


def test_text_like_queries_find_what_exact_search_finds(
    filled: Catalogue, open_index: OpenIndex, exact: Callable[[], VectorIndex]
) -> None:
    index, best = open_index(), exact()
    assert answers(index) == answers(best)  # until the graph is ready
    assert index.finish_graph()
    assert not index.wants_build
    assert asks_graph(index)
    assert recall(index, best) > 0.98
    for query in texts(10):
        rows, scores = index.nearest_frames(query, 50)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
        direct = index.gallery.vectors[rows] @ (query / np.linalg.norm(query))
        np.testing.assert_allclose(scores, direct, atol=1e-6)


def test_a_restart_reads_the_graph_instead_of_building_it(filled: Catalogue, open_index: OpenIndex) -> None:
    first = open_index()
    first.finish_graph()
    (file,) = filled.folder.glob("*.hnsw")
    before, inode = file.read_bytes(), file.stat().st_ino
    restarted = open_index()
    assert restarted.wants_build
    assert restarted.finish_graph()
    assert asks_graph(restarted)
    assert (file.read_bytes(), file.stat().st_ino) == (before, inode)
    assert recall(restarted, first) > 0.99


def test_new_frames_are_found_before_the_graph_knows_them(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: Callable[[], VectorIndex]
) -> None:
    index = open_index()
    index.finish_graph()
    commit(filled, movies, range(30, 32))
    assert index.refresh(filled)
    assert not index.wants_build, "not before they are kept"
    assert asks_graph(index)
    assert recall(index, exact()) > 0.98
    new = index.gallery.vectors[-1]
    assert index.nearest_frames(new, 1)[0].tolist() == [len(index.gallery) - 1]

    commit(filled, movies, range(32, 40))
    index.refresh(filled)
    assert index.finish_graph()
    assert not index.wants_build
    assert index._graph._process.covers == 40 * 50
    assert asks_graph(index)
    assert recall(index, exact()) > 0.98


def test_removed_frames_are_not_found(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: Callable[[], VectorIndex]
) -> None:
    index = open_index()
    index.finish_graph()
    old = index.gallery
    remove(filled, movies, 3, 4, 5)
    index.refresh(filled)
    assert len(index.gallery) == 27 * 50
    best = exact()
    assert recall(index, best) > 0.98, "before the graph was told"
    assert index.wants_build
    assert index.finish_graph()
    assert asks_graph(index)
    assert recall(index, best) > 0.98
    assert recall(index, best, k=27 * 50) == 1.0
    assert index.nearest_frames(texts(1)[0], 5, gallery=old)[0].max() < len(old)


def test_the_old_graph_answers_when_the_gallery_was_written_anew(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: Callable[[], VectorIndex]
) -> None:
    index = open_index()
    index.finish_graph()
    generation = index._graph._process.generation
    remove(filled, movies, *range(10))
    index.refresh(filled)
    best = exact()
    index.update_graph()
    index.save()  # a third of the vectors is nobody's
    assert not index._graph.is_current(generation)
    assert index._graph._process.generation == generation
    assert asks_graph(index)
    assert recall(index, best) > 0.98
    commit(filled, movies, range(30, 31))
    index.refresh(filled)
    assert recall(index, exact()) > 0.98, "what is new is not in that graph, nor is it missed"

    assert index.finish_graph()
    assert index._graph._process.generation != generation
    assert asks_graph(index)
    assert recall(index, exact()) > 0.98
    restarted = open_index()
    assert restarted.finish_graph()
    assert recall(restarted, exact()) > 0.98


def test_where_the_gallery_cannot_be_kept_every_frame_is_compared(
    filled: Catalogue, tmp_path: Path, exact: Callable[[], VectorIndex]
) -> None:
    in_the_way = make_file(tmp_path / "a file", "x")
    index = VectorIndex(in_the_way, MODEL, WIDTH, exact_limit=LIMIT)
    index.refresh(filled)
    assert not index.finish_graph()
    assert index.build_problem == ""
    assert answers(index) == answers(exact())
    index.close()


def test_a_graph_that_died_costs_speed_only_and_is_said(
    filled: Catalogue,
    open_index: OpenIndex,
    exact: Callable[[], VectorIndex],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(graph_process, "_PAUSES", ())
    index = open_index()
    index.finish_graph()
    assert index._graph._process._child is not None
    index._graph._process._child.kill()
    assert wait_until(lambda: index.build_problem != "")
    assert index.build_problem.startswith("The search graph could not be used: its process ended")
    assert answers(index) == answers(exact())
    assert not index.wants_build, "it is not tried again for every query"


@pytest.mark.nightly  # by day as any store: stores/test_store_contract.py
def test_searching_while_the_library_grows_and_shrinks(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: Callable[[], VectorIndex]
) -> None:
    index, over, found = open_index(), threading.Event(), []

    def search() -> None:
        while not over.is_set():
            for query in texts(5):
                rows, scores = index.nearest_frames(query, 50)
                found.append(len(rows) == 50 and bool((np.diff(scores) <= 0).all()))

    searchers = [threading.Thread(target=search) for _ in range(2)]
    for thread in searchers:
        thread.start()
    try:
        for step in range(4):
            commit(filled, movies, range(30 + 5 * step, 35 + 5 * step))
            remove(filled, movies, *range(6 * step, 6 * step + 6))
            index.refresh(filled)
            index.save()
            index.update_graph()
        assert index.finish_graph()
    finally:
        over.set()
        for thread in searchers:
            thread.join()
    assert all(found)
    assert asks_graph(index)
    assert recall(index, exact()) > 0.98
