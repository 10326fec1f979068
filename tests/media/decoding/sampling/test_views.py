"""A decoded frame from far away: the part of it that is picture looks as it does by itself."""

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from app.media.area import WHOLE, Area
from app.media.decoding.picture import Orientation
from app.media.decoding.sampling.shots import structure_distance
from app.media.decoding.sampling.views import SignatureReader
from tests.media.decoding.bars.bar_pictures import landscape, padded

BLACK = (0, 0, 0)


def frame_of(picture: NDArray[np.uint8], form: str) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24").reformat(format=form)


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p", "yuv444p", "rgb24", "yuv420p10le", "nv12"])
@pytest.mark.parametrize(("height", "width"), [(720, 1280), (360, 640), (90, 160), (38, 66)])
def test_the_picture_between_bars_looks_as_it_does_without(form: str, height: int, width: int) -> None:
    picture = landscape(height, width)
    bars = padded(picture, height // 4, height // 4, width // 2, width // 2, BLACK)
    reader = SignatureReader()
    alone = reader.view(frame_of(picture, form)).inside
    view = reader.view(frame_of(bars, form))
    assert structure_distance(alone, view.inside) > 20
    reader.area = Area(1 / 4, 1 / 6, 3 / 4, 5 / 6)
    assert structure_distance(alone, view.inside) < 3
    assert structure_distance(alone, view.whole) > 20


def test_a_view_is_looked_at_anew_where_the_area_is_another() -> None:
    reader = SignatureReader()
    view = reader.view(frame_of(landscape(360, 640), "yuv420p"))
    reader.area = Area(0, 0, 0.5, 1)
    left = view.inside
    assert view.inside is left
    reader.area = Area(0.5, 0, 1, 1)
    assert structure_distance(view.inside, left) > 3
    reader.area = WHOLE
    assert view.inside is view.whole


def test_only_what_changes_beside_the_picture_counts_there() -> None:
    picture = padded(landscape(270, 640), 45, 45, 0, 0, BLACK)
    reader = SignatureReader()
    reader.area = Area(0, 1 / 8, 1, 7 / 8)
    before = reader.view(frame_of(picture, "yuv420p"))
    assert before.shows_the_same(reader.view(frame_of(picture.copy(), "yuv420p")))
    picture[:30, :60] = 200
    assert not before.shows_the_same(reader.view(frame_of(picture, "yuv420p")))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_an_area_is_found_again_in_the_coded_picture(rotation: int, mirrored: bool) -> None:
    coded = np.zeros((40, 80), bool)
    coded[5:30, 10:20] = True
    upright = np.rot90(coded, -rotation // 90)
    upright = upright[:, ::-1] if mirrored else upright
    rows, columns = np.flatnonzero(upright.any(axis=1)), np.flatnonzero(upright.any(axis=0))
    height, width = upright.shape
    area = Area(columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height)
    found = Orientation(rotation, mirrored).coded(area)
    assert found.sides == pytest.approx((10 / 80, 5 / 40, 20 / 80, 30 / 40))


def test_a_part_of_a_few_pixels_is_not_looked_at_by_itself() -> None:
    reader = SignatureReader()
    view = reader.view(frame_of(landscape(40, 80), "yuv420p"))
    reader.area = Area(0, 0.25, 1, 0.75)
    assert view.inside is view.whole
