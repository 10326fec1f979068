"""Where moments begin and end: at what changes, whether or not a cut was noticed."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.search.edges import Extent, Level, extents, times
from app.search.moments import Span, distinct
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore

WIDTH = 16
SCENES = np.vstack([np.eye(WIDTH), (np.eye(WIDTH)[0] + np.eye(WIDTH)[1]) / np.sqrt(2)]).astype(np.float32)
"""Pictures that have nothing in common, of which the text describes the first, and one half-way from it."""
MIXED = WIDTH
TEXT = SCENES[0]

Scenes = Sequence[int]


def gallery_of(*videos: Scenes, cuts: bool = False, clip_frames: int = 12) -> Gallery:
    """Videos of one frame per second, each frame a number of `SCENES`.

    Args:
        cuts: whether clips end where the scene changes; else only where they are full.
        clip_frames: frames of a full clip.
    """
    store = GalleryStore(WIDTH)
    frame = 0
    for number, scenes in enumerate(videos, start=1):
        count = len(scenes)
        changes = np.diff(scenes, prepend=scenes[0]) != 0
        shots = np.cumsum(changes) if cuts else np.arange(count) // clip_frames
        store.append(
            StoredEmbeddings(
                video_id=number,
                folder_id=1,
                revision=number,
                matrix=SCENES[list(scenes)].astype(np.float16),
                frame_ids=np.arange(frame, frame + count, dtype=np.int64),
                times=np.arange(count, dtype=np.float64),
                clips=shots.astype(np.int32),
            )
        )
        frame += count
    return store.snapshot()


def found(gallery: Gallery, *best: int, text: NDArray[np.float32] | None = TEXT) -> list[Extent]:
    return extents(best, text, gallery, Level.of(gallery, Calibration()))


def seconds(gallery: Gallery, best: int, duration: float) -> tuple[float, float]:
    return times(found(gallery, best)[0], gallery, duration)


def test_an_edge_that_no_cut_marks_lies_between_two_frames() -> None:
    gallery = gallery_of([1] * 5 + [0] * 4 + [2] * 6)
    assert seconds(gallery, 6, 15.0) == (4.5, 8.5)


def test_an_edge_at_a_cut_is_the_first_frame_behind_it() -> None:
    gallery = gallery_of([1] * 5 + [0] * 4 + [2] * 6, cuts=True)
    assert seconds(gallery, 6, 15.0) == (5.0, 9.0)


@pytest.mark.parametrize(("gap", "end"), [(1, 10.5), (2, 11.5), (12, 4.5)])
def test_a_short_gap_is_bridged(gap: int, end: float) -> None:
    gallery = gallery_of([0] * 5 + [1] * gap + [0] * 5 + [2] * 9)
    assert seconds(gallery, 2, 99.0) == (0.0, end)


def test_a_video_of_one_frame_or_one_picture_is_one_moment() -> None:
    gallery = gallery_of([0], [0] * 100, [1] * 40)
    assert seconds(gallery, 0, 0.5) == (0.0, 0.5)
    assert seconds(gallery, 50, 101.5) == (0.0, 101.5)


def test_a_moment_ends_with_its_video() -> None:
    gallery = gallery_of([1, 0], [0, 0, 1], [0])
    assert found(gallery, 1, 2, 5) == [Extent(1, 1), Extent(2, 3), Extent(5, 5)]


def test_without_words_a_moment_is_what_looks_like_its_best_frame() -> None:
    gallery = gallery_of([1] * 4 + [2] * 5 + [1] * 4)
    assert found(gallery, 5, text=None) == [Extent(4, 8)]


videos = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=60), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(videos, st.booleans(), st.data())
def test_a_moment_holds_its_best_frame_and_stays_in_its_video(
    scenes: list[list[int]], cuts: bool, data: st.DataObject
) -> None:
    gallery = gallery_of(*scenes, cuts=cuts)
    rows = data.draw(st.lists(st.integers(0, len(gallery) - 1), min_size=1, max_size=8))
    together = found(gallery, *rows)
    assert together == [found(gallery, row)[0] for row in rows]
    for row, extent in zip(rows, together, strict=True):
        assert extent.first_row <= row <= extent.last_row
        assert len(set(gallery.video_of_row[extent.first_row : extent.last_row + 1].tolist())) == 1
        start, end = times(extent, gallery, 60.0)
        assert 0 <= start <= gallery.times[row] <= end <= 60.0


def test_what_an_earlier_moment_shows_is_not_shown_again() -> None:
    rows = {1: Extent(0, 9), 2: Extent(4, 12), 3: Extent(9, 20), 4: Extent(0, 9)}
    spans = [Span(1, row, row, row, 1.0) for row in (1, 2, 3)] + [Span(2, 4, 4, 4, 1.0)]

    def kept(limit: int) -> list[int]:
        return [span.best_row for span, _ in distinct(spans, lambda best: [rows[row] for row in best], limit)]

    assert kept(10) == [1, 3, 4]
    assert [kept(limit) for limit in (0, 1, 2)] == [[], [1], [1, 3]]


def test_a_dissolve_between_clips_is_where_a_moment_ends() -> None:
    """Two clips that run into each other: the half-mixed frame does not drag the other one in."""
    gallery = gallery_of([1] * 6 + [MIXED] + [0] * 5)
    (extent,) = found(gallery, 9)
    assert extent.last_row == 11
    assert extent.first_row in (6, 7)
