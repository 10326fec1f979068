"""What every store has to keep to: comparing with all frames, hnswlib's graph, and Qdrant."""

import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.vectors.stores.vector_store import Nearest
from app.vectors.vector_index import VectorIndex
from tests.conftest import wait_until
from tests.vectors.made_vectors import normalised, texts
from tests.vectors.stores.conftest import OpenIndex
from tests.vectors.stores.scenes import VIDEOS, commit, remove

pytestmark = [
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Local mode performs exact:UserWarning"),
]

TOP = 10


def answer(index: VectorIndex, query: NDArray[np.float32], k: int) -> Nearest:
    """What its store says, however busy this computer is: one that takes too long is passed over."""
    given: list[Nearest] = []

    def is_given() -> bool:
        found = index.store.nearest(index.gallery, query, k)
        given.extend([] if found is None else [found])
        return found is not None

    assert wait_until(is_given, 60)
    return given[0]


def wait_for_answers(index: VectorIndex) -> None:
    """Until its store answers for the gallery as it is."""
    answer(index, normalised(texts(1))[0], TOP)


def agreement(index: VectorIndex, exact: VectorIndex) -> float:
    """Share of the exact answers' frames that the index found, by the frames' ids."""
    found = 0
    queries = normalised(texts(40))
    for query in queries:
        mine = index.gallery.frame_ids[index.nearest_frames(query, TOP)[0]]
        theirs = exact.gallery.frame_ids[exact.nearest_frames(query, TOP)[0]]
        found += len(np.intersect1d(mine, theirs))
    return found / (TOP * len(queries))


def rows_of(index: VectorIndex, frame_ids: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.isin(index.gallery.frame_ids, frame_ids))


def test_it_finds_what_comparing_with_all_finds(
    filled: Catalogue, open_index: OpenIndex, exact: OpenIndex
) -> None:
    index = open_index()
    assert index.finish_graph()
    wait_for_answers(index)
    assert agreement(index, exact()) >= 0.99


def test_cosines_are_the_gallerys_best_first_and_as_many_as_are_wanted(
    filled: Catalogue, open_index: OpenIndex
) -> None:
    index = open_index()
    index.finish_graph()
    wait_for_answers(index)
    gallery = index.gallery
    for query in normalised(texts(10)):
        for k in (0, 1, 50, len(gallery), 10 * len(gallery)):
            rows, cosines = answer(index, query, k)
            assert len(rows) == len(np.unique(rows)) == len(cosines) == min(k, len(gallery))
            assert cosines.dtype == np.float32
            assert (np.diff(cosines) <= 0).all()
            np.testing.assert_allclose(cosines, gallery.vectors[rows] @ query, atol=1e-6)


def test_what_is_new_is_found_before_and_after_the_store_has_it(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: OpenIndex
) -> None:
    index = open_index()
    index.finish_graph()
    commit(filled, movies, range(VIDEOS, VIDEOS + 3))
    index.refresh(filled)
    wait_for_answers(index)
    assert agreement(index, exact()) >= 0.99
    assert index.finish_graph()
    assert not index.wants_build
    wait_for_answers(index)
    assert agreement(index, exact()) >= 0.99


def test_what_is_gone_is_never_found(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: OpenIndex
) -> None:
    index = open_index()
    index.finish_graph()
    remove(filled, movies, range(0, VIDEOS, 8))
    index.refresh(filled)
    assert agreement(index, exact()) >= 0.99  # whoever does not know it yet says nothing, or what is left
    index.finish_graph()
    wait_for_answers(index)
    assert agreement(index, exact()) >= 0.99


def test_another_content_in_a_files_place_is_found_by_what_it_shows_now(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: OpenIndex
) -> None:
    index = open_index()
    index.finish_graph()
    commit(filled, movies, range(0, VIDEOS, 8), clips=5, version=1)
    index.refresh(filled)
    assert agreement(index, exact()) >= 0.99
    assert index.finish_graph()
    wait_for_answers(index)
    assert agreement(index, exact()) >= 0.99


def test_a_restart_answers_the_same(filled: Catalogue, open_index: OpenIndex) -> None:
    first = open_index()
    first.finish_graph()
    wait_for_answers(first)
    queries = normalised(texts(10))
    before = [first.store.nearest(first.gallery, query, TOP) for query in queries]
    first.close()
    second = open_index()
    assert second.finish_graph()
    wait_for_answers(second)
    for query, wanted in zip(queries, before, strict=True):
        found = second.store.nearest(second.gallery, query, TOP)
        assert found is not None
        assert wanted is not None
        np.testing.assert_array_equal(found[0], wanted[0])
        np.testing.assert_allclose(found[1], wanted[1], atol=1e-6)


@pytest.mark.parametrize("step", [2, 7])
def test_some_rows_are_searched_alone(
    filled: Catalogue, open_index: OpenIndex, exact: OpenIndex, step: int
) -> None:
    index, best = open_index(), exact()
    index.finish_graph()
    wait_for_answers(index)
    gallery = index.gallery
    some = np.flatnonzero((gallery.video_of_row % step == 0) & (gallery.times < 30))
    wanted = rows_of(best, gallery.frame_ids[some])
    for query in normalised(texts(20)):
        rows, _ = index.nearest_frames(query, TOP, rows=some)
        theirs, _ = best.nearest_frames(query, TOP, rows=wanted, exact=True)
        assert np.isin(rows, some).all()
        np.testing.assert_array_equal(gallery.frame_ids[rows], best.gallery.frame_ids[theirs])


def test_an_earlier_gallery_gets_its_own_rows_or_no_answer(
    filled: Catalogue, movies: Path, open_index: OpenIndex
) -> None:
    index = open_index()
    index.finish_graph()
    earlier = index.gallery
    remove(filled, movies, range(6))
    index.refresh(filled)
    query = normalised(texts(1))[0]
    answer = index.store.nearest(earlier, query, TOP)
    wanted = np.lexsort((np.arange(len(earlier)), -(earlier.vectors @ query)))[:TOP]
    assert answer is None or answer[0].tolist() == wanted.tolist()
    assert index.nearest_frames(query, TOP, gallery=earlier)[0].tolist() == wanted.tolist()


def test_searching_while_the_library_grows_and_shrinks(
    filled: Catalogue, movies: Path, open_index: OpenIndex, exact: OpenIndex, nightly: bool
) -> None:
    index, over, found = open_index(), threading.Event(), []

    def search() -> None:
        while not over.is_set():
            for query in texts(5):
                rows, cosines = index.nearest_frames(query, 50)
                found.append(len(rows) == 50 and bool((np.diff(cosines) <= 0).all()))

    searchers = [threading.Thread(target=search) for _ in range(2)]
    for thread in searchers:
        thread.start()
    try:
        for step in range(4 if nightly else 2):
            commit(filled, movies, range(VIDEOS + 2 * step, VIDEOS + 2 * step + 2))
            remove(filled, movies, range(2 * step, 2 * step + 2))
            index.refresh(filled)
            index.save()
            index.update_graph()
        assert index.finish_graph()
    finally:
        over.set()
        for thread in searchers:
            thread.join()
    assert all(found)
    wait_for_answers(index)
    assert agreement(index, exact()) >= 0.99


def test_after_its_end_every_frame_is_compared(
    filled: Catalogue, open_index: OpenIndex, exact: OpenIndex
) -> None:
    index, best = open_index(), exact()
    index.finish_graph()
    index.close()
    for query in texts(5):
        rows, _ = index.nearest_frames(query, TOP)
        wanted, _ = best.nearest_frames(query, TOP)
        np.testing.assert_array_equal(index.gallery.frame_ids[rows], best.gallery.frame_ids[wanted])
