"""What a search is limited to, told to a server in few words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import GalleryStore
from app.vectors.stores.qdrant.clip_map import ClipMap, Held, clip_vectors, points_of
from app.vectors.stores.qdrant.content_filter import MOST_RUNS, ContentFilter, filter_of
from app.vectors.stores.vector_store import Snapshot


def clips_of(videos: dict[int, int], held: dict[int, Held] | None = None) -> ClipMap:
    """Of a gallery of videos with a clip of one frame each, by id their folder; all held unless told."""
    store = GalleryStore(2)
    for video, folder in videos.items():
        one = np.ones((1, 2), np.float16)
        row = np.zeros(1, np.int64)
        store.append(
            StoredEmbeddings(video, folder, 1, one, row, row.astype(np.float64), row.astype(np.int32))
        )
    snapshot = Snapshot(store.snapshot(), 1, dict.fromkeys(videos, 1), None, 0)
    return ClipMap.of(snapshot, {video: Held(1, 0, 1) for video in videos} if held is None else held)


def meant(by: ContentFilter, videos: dict[int, int]) -> set[int]:
    """As a server reads it."""
    named = {
        video
        for video, folder in videos.items()
        if folder in by.folders or any(first <= video <= last for first, last in by.runs)
    }
    return (set(videos) - named if by.excluded else named) - set(by.without)


@given(
    st.dictionaries(st.integers(1, 60), st.integers(1, 4), min_size=1).flatmap(
        lambda videos: st.tuples(st.just(videos), st.sets(st.sampled_from(sorted(videos))))
    )
)
def test_it_means_just_the_videos_that_are_wanted(case: tuple[dict[int, int], set[int]]) -> None:
    videos, wanted = case
    clips = clips_of(videos)
    places = np.searchsorted(clips.videos, sorted(wanted)).astype(np.intp)
    said = filter_of(clips, places)
    assert said is not None
    assert meant(said, videos) == wanted


def test_a_whole_folder_is_one_condition_and_so_is_all_but_one_video() -> None:
    videos = {video: video % 5 for video in range(1, 1001)}
    clips = clips_of(videos)
    assert filter_of(clips, np.flatnonzero(clips.folders == 3)) == ContentFilter((3,), ())
    but_one = filter_of(clips, np.delete(np.arange(1000), 499))
    assert but_one == ContentFilter((), ((500, 500),), excluded=True)


def test_what_was_filmed_in_a_month_is_one_run_however_many_ids_were_given_to_others() -> None:
    clips = clips_of(dict.fromkeys(range(10, 10000, 7), 1))
    assert filter_of(clips, np.arange(300, 600)) == ContentFilter((), ((2110, 4203),))


def test_what_cannot_be_said_shortly_is_not_said() -> None:
    clips = clips_of(dict.fromkeys(range(1, 4 * MOST_RUNS + 3), 1))
    assert filter_of(clips, np.arange(0, len(clips.videos), 2)) is None


def test_what_the_server_has_of_earlier_contents_is_never_meant() -> None:
    held = {1: Held(1, 0, 1), 2: Held(7, 0, 1), 9: Held(1, 0, 1)}
    clips = clips_of({1: 1, 2: 1, 3: 1}, held)
    assert clips.outdated == (2, 9)
    assert clips.rest.tolist() == [1, 2]
    said = filter_of(clips, np.arange(3))
    assert said is not None
    assert meant(said, {1: 1, 2: 1, 9: 1}) == {1}


@pytest.mark.parametrize("wrong", [[4 << 24], [1 << 24 | 1], [0], [-1], [2**62], []])
def test_points_that_are_none_of_the_gallerys_are_passed_over(wrong: list[int]) -> None:
    clips = clips_of({1: 1, 2: 1, 3: 1})
    asked = np.array([2 << 24, *wrong, 1 << 24, 2 << 24], np.int64)
    assert clips.clips_of(asked).tolist() == [1, 0]


def test_a_video_that_has_no_numbers_is_not_sent() -> None:
    assert points_of(5, 2) == [5 << 24, (5 << 24) + 1]
    assert points_of(0, 1) is None
    assert points_of(1 << 39, 1) is None
    assert points_of(1, (1 << 24) + 1) is None


def test_the_vector_of_frames_that_cancel_out_is_nothing() -> None:
    store = GalleryStore(2)
    matrix = np.array([[1, 0], [-1, 0]], np.float16)
    two = np.arange(2)
    store.append(StoredEmbeddings(1, 1, 1, matrix, two, two.astype(np.float64), np.zeros(2, np.int32)))
    assert clip_vectors(store.snapshot(), 0, 2).tolist() == [[0.0, 0.0]]
