"""The picture's area is decided over several frames, and no more than three are ever held."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.media.area import WHOLE, Area
from app.media.decoding.bars.picture_area import HELD, AreaFinder
from tests.media.decoding.bars.bar_pictures import Picture, blurred_sides, landscape, padded

BLACK = (0, 0, 0)
NIGHT = np.random.default_rng(1).integers(0, 3, (160, 284, 3), np.uint8)


def full(seed: int) -> Picture:
    return landscape(160, 284, seed)


def letterbox(seed: int, depth: int = 20) -> Picture:
    return padded(landscape(160 - 2 * depth, 284, seed), depth, depth, 0, 0, BLACK)


def upright(seed: int) -> Picture:
    return blurred_sides(landscape(160, 90, seed), 284)


def areas(*shots: list[Picture]) -> list[Area]:
    """What is decided on the frames of some shots, in order."""
    finder = AreaFinder[int]()
    given_back: list[tuple[int, Area]] = []
    taken = 0
    for number, shot in enumerate(shots):
        for image in shot:
            given_back += finder.take(taken, image, number)
            taken += 1
            assert taken - len(given_back) < HELD, "that many decoded frames are held"
    given_back += finder.finish()
    assert [number for number, _ in given_back] == list(range(taken)), "every frame, in order"
    return [area for _, area in given_back]


def is_letterbox(area: Area, depth: int = 20) -> bool:
    return np.allclose(area.sides, (0, depth / 160, 1, 1 - depth / 160), atol=0.01)


def test_frames_without_bars_are_handed_on_at_once() -> None:
    finder = AreaFinder[int]()
    for number in range(5):
        assert finder.take(number, full(number), 0) == [(number, WHOLE)]
    assert finder.finish() == []


def test_bars_of_a_whole_video_are_found_from_its_first_frame_on() -> None:
    found = areas([letterbox(number) for number in range(6)], [letterbox(9)])
    assert all(map(is_letterbox, found))
    assert len(set(found)) == 1


def test_blurred_sides_of_a_whole_video_are_found() -> None:
    found = areas([upright(number) for number in range(5)])
    assert np.allclose([area.sides for area in found], (97 / 284, 0, 187 / 284, 1), atol=0.01)


def test_bars_come_and_go_at_a_cut() -> None:
    found = areas(
        [letterbox(1), letterbox(2)],
        [full(3), full(4)],
        [upright(5), upright(6)],
        [letterbox(7)],
        [letterbox(8, 32), letterbox(9, 32)],
    )
    assert [is_letterbox(area) for area in found] == [True] * 2 + [False] * 4 + [True] + [False] * 2
    assert found[2] == found[3] == WHOLE
    assert found[4] == found[5] != WHOLE
    assert is_letterbox(found[7], 32)


def test_one_frame_alone_is_no_evidence() -> None:
    assert areas([full(1), full(2)], [letterbox(3)], [full(4)]) == [WHOLE] * 4
    assert areas([letterbox(1)]) == [WHOLE]


def test_once_known_one_frame_is_enough() -> None:
    found = areas([letterbox(1), letterbox(2)], [full(3)], [letterbox(4)], [full(5)])
    assert is_letterbox(found[3])
    assert found[2] == found[4] == WHOLE


def test_dark_and_black_frames_between_keep_the_area() -> None:
    black = np.zeros((160, 284, 3), np.uint8)
    found = areas([letterbox(1), letterbox(2), letterbox(3), black, NIGHT, letterbox(4)])
    assert len(set(found)) == 1
    assert is_letterbox(found[0])


def test_a_fade_from_black_belongs_to_what_comes_of_it() -> None:
    fading = [(letterbox(1) * level).astype(np.uint8) for level in (0.0, 0.02, 0.3, 0.7, 1.0)]
    assert all(map(is_letterbox, areas(fading)[1:]))


def test_a_fade_of_a_full_picture_has_no_bars() -> None:
    fading = [(full(1) * level).astype(np.uint8) for level in (0.0, 0.02, 0.1, 0.3, 0.7, 1.0)]
    assert set(areas([*fading, *fading[::-1]])) == {WHOLE}


def test_night_is_no_bars() -> None:
    def lamps(seed: int) -> Picture:
        picture = NIGHT.copy()
        for x, y in np.random.default_rng(seed).integers((0, 50), (280, 110), (25, 2)):
            cv2.circle(picture, (int(x), int(y)), 4, (230, 200, 120), -1)
        return picture

    assert set(areas([lamps(number) for number in range(12)], [NIGHT] * 7)) == {WHOLE}


def test_a_scene_too_dark_in_every_frame_is_seen_in_the_light_of_all() -> None:
    """A spotlight wanders over the stage: no single frame is bright along the bars."""

    def stage(number: int) -> Picture:
        picture = letterbox(1)
        dark = np.zeros_like(picture)
        at = (number * 97) % 284
        dark[:, max(0, at - 60) : at + 60] = picture[:, max(0, at - 60) : at + 60]
        return dark

    found = areas([stage(number) for number in range(10)])
    assert is_letterbox(found[-1])


def test_a_logo_a_clock_and_subtitles_in_the_bars_change_nothing() -> None:
    pictures = []
    for number in range(8):
        picture = letterbox(number, 26)
        cv2.putText(picture, f"12:0{number}", (230, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
        if number % 3:
            words = "she said it again"[number:]
            cv2.putText(picture, words, (70, 152), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
        pictures.append(picture)
    assert all(is_letterbox(area, 26) for area in areas(pictures))


def test_what_turns_out_to_be_picture_is_whole_from_there_on() -> None:
    """A door's light in a dark room, then the lamp is switched on."""
    found = areas([letterbox(1, 40)] * 4 + [full(number) for number in range(4)])
    assert found[-4:] == [WHOLE] * 4


@settings(max_examples=40, deadline=None)
@given(
    shots=st.lists(
        st.lists(st.sampled_from(["full", "letterbox", "upright", "night", "black"]), min_size=1, max_size=7),
        max_size=6,
    )
)
def test_every_frame_comes_back_in_order_with_an_area(shots: list[list[str]]) -> None:
    black = np.zeros((160, 284, 3), np.uint8)
    drawn = {
        "full": full(1),
        "letterbox": letterbox(2),
        "upright": upright(3),
        "night": NIGHT,
        "black": black,
    }
    found = areas(*[[drawn[name] for name in shot] for shot in shots])
    names = [name for shot in shots for name in shot]
    assert all(area == WHOLE for area, name in zip(found, names, strict=True) if name == "full")
