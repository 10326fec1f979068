"""Which videos share content, and which only share an intro, a black picture or a logo."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from app.errors import Cancelled
from app.search.alike import frame_matches
from app.search.alike.frame_matches import compared_rows, match_frames
from app.search.alike.near_duplicates import SharedContent, find_duplicates, grouped
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore

WIDTH = 64
CHANCE = np.random.default_rng(7)
Vectors = NDArray[np.float32]


def pictures(count: int, chance: np.random.Generator = CHANCE) -> Vectors:
    """Pictures (count, WIDTH) that have nothing in common."""
    return chance.standard_normal((count, WIDTH)).astype(np.float32)


def again(vectors: Vectors, noise: float = 0.4, chance: np.random.Generator = CHANCE) -> Vectors:
    """The same pictures as another encoding has them."""
    return vectors + noise * pictures(len(vectors), chance)


def gallery_of(*videos: Vectors) -> Gallery:
    store = GalleryStore(WIDTH)
    frame = 0
    for number, vectors in enumerate(videos, 1):
        count = len(vectors)
        store.append(
            StoredEmbeddings(
                video_id=number,
                folder_id=1,
                revision=number,
                matrix=vectors.astype(np.float16),
                frame_ids=np.arange(frame, frame + count, dtype=np.int64),
                times=np.arange(count, dtype=np.float64),
                clips=np.zeros(count, np.int32),
            )
        )
        frame += count
    return store.snapshot()


def all_show(frames: Sequence[int]) -> NDArray[np.bool_]:
    return np.ones(len(frames), np.bool_)


def found(*videos: Vectors) -> dict[tuple[int, int], SharedContent]:
    pairs = find_duplicates(gallery_of(*videos), all_show)
    return {tuple(sorted((pair.one, pair.other))): pair for pair in pairs}  # type: ignore[misc]


def test_a_copy_encoded_otherwise_is_found_and_a_stranger_is_not() -> None:
    one, stranger = pictures(30), pictures(30)
    pairs = found(one, again(one), stranger)
    assert set(pairs) == {(1, 2)}
    assert pairs[1, 2].share == pytest.approx(1, abs=0.05)
    assert pairs[1, 2].likeness > 0.7


def test_a_part_is_told_with_its_place() -> None:
    whole = pictures(60)
    pairs = found(whole, again(whole[20:40]), pictures(30))
    (pair,) = pairs.values()
    assert (pair.one, pair.other) == (2, 1)
    assert pair.one_span == (0, 19)
    assert pair.other_span == (20, 39)


def test_a_video_without_its_middle_or_in_another_order_is_found() -> None:
    whole = pictures(60)
    assert set(found(whole, again(np.concatenate([whole[:20], whole[40:]])), pictures(9))) == {(1, 2)}
    assert set(found(whole, again(np.concatenate([whole[30:], whole[:30]])), pictures(9))) == {(1, 2)}


def test_a_common_intro_makes_no_duplicates() -> None:
    intro = pictures(8)
    videos = [np.concatenate([again(intro, 0.1), pictures(12)]) for _ in range(6)]
    assert found(*videos) == {}


def test_an_intro_that_is_most_of_many_videos_makes_none() -> None:
    intro = pictures(8)
    videos = [np.concatenate([again(intro, 0.1), pictures(6)]) for _ in range(12)]
    pairs = found(*videos, again(videos[0]))
    assert set(pairs) == {(1, 13)}


def test_black_pictures_make_no_duplicates() -> None:
    black = np.repeat(pictures(1), 20, axis=0)
    videos = gallery_of(np.concatenate([black, pictures(5)]), np.concatenate([black, pictures(5)]))
    is_black = np.array([*[True] * 20, *[False] * 5] * 2)
    assert find_duplicates(videos, lambda frames: ~is_black[list(frames)]) == []
    only_black = gallery_of(black, black.copy())
    assert find_duplicates(only_black, lambda frames: np.zeros(len(frames), np.bool_)) == []


def test_a_picture_that_is_everywhere_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_matches, "MOST_PARTNERS", 20)
    wall = pictures(1)
    videos = [np.repeat(wall, 30, axis=0) + 0.1 * pictures(30) for _ in range(4)]
    assert len(match_frames(gallery_of(*videos)).first) == 0


def test_a_large_library_is_thinned_out_evenly() -> None:
    gallery = gallery_of(*(pictures(count) for count in (1, 100, 300, 2)))
    rows = compared_rows(gallery, 100)
    counts = np.bincount(gallery.video_of_row[rows])
    assert counts[1:].tolist() == [1, 24, 74, 1]
    assert (np.diff(rows) > 0).all()
    assert len(compared_rows(gallery, 403)) == 403


def test_copies_are_found_in_a_library_that_is_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shots last for some seconds: of a thinned one other frames stand for the same picture."""
    whole = np.repeat(pictures(15), 6, axis=0)
    monkeypatch.setattr(frame_matches, "MOST_ROWS", 90)
    assert set(found(whole, again(whole), *(np.repeat(pictures(5), 6, axis=0) for _ in range(4)))) == {(1, 2)}


def test_it_can_be_stopped_and_says_how_far_it_is() -> None:
    one = pictures(30)
    done: list[float] = []
    find_duplicates(gallery_of(one, again(one)), all_show, progress=done.append)
    assert done == sorted(done)
    assert done[-1] == 1
    with pytest.raises(Cancelled):
        find_duplicates(gallery_of(one), all_show, stop=lambda: True)
    assert find_duplicates(gallery_of(), all_show) == []


def test_the_longest_begins_a_group_and_nobody_is_in_two() -> None:
    def pair(one: int, other: int, share: float = 1.0) -> SharedContent:
        return SharedContent(one, other, share, 0.9, (0, 1), (0, 1))

    lengths = {1: 10.0, 2: 60.0, 3: 10.0, 4: 5.0, 5: 5.0}
    groups = grouped([pair(1, 2, 0.7), pair(3, 2), pair(4, 3), pair(5, 4)], lengths.__getitem__)
    assert [(group.first, [(each.one, each.other) for each in group.members]) for group in groups] == [
        (2, [(3, 2), (1, 2)]),
        (4, [(5, 4)]),
    ]
