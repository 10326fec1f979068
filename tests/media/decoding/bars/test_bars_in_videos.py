"""Bars are cut off what is encoded and shown, in real files: made ones, and the given clips."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.media.area import WHOLE, Area
from app.media.decoder import Decoder
from app.media.frames import Frame, Sampling
from benchmarks.padding import WAYS, pad_video
from tests.conftest import SHARED
from tests.media.decoding.bars.bar_pictures import Picture, blurred_sides, landscape, padded

CLIPS = SHARED / "data" / "clips"
SOME = ("010_yoga.mp4", "062_surfer_red.mp4", "068_tractor.webm", "077_classroom.mp4")
RATE = 5
CODING = {"preset": "veryfast", "crf": "23", "x264-params": "keyint=10"}
BLACK, WHITE, TEAL = (0, 0, 0), (255, 255, 255), (20, 120, 110)

Drawn = Callable[[int], Picture]


def moving(number: int, height: int, width: int, seed: int = 1) -> Picture:
    """A camera that pans."""
    return landscape(height, width + 200, seed)[:, 4 * number : 4 * number + width]


def write(
    path: Path, pictures: Sequence[Picture], *, rotation: int = 0, aspect: Fraction | None = None
) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=RATE, options=CODING)
        stream.height, stream.width, _ = pictures[0].shape
        stream.pix_fmt = "yuv420p"
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation:
            stream.set_display_rotation(rotation)
        for picture in pictures:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
        output.mux(stream.encode(None))
    return path


def read(decoder: Decoder, path: Path, sampling: Sampling | None = None) -> list[Frame]:
    with decoder.open(path, sampling or Sampling()) as stream:
        return list(stream)


def assert_cropped(frames: list[Frame], area: Area, aspect: float) -> None:
    """Every frame shows the area, of such a ratio of width to height, and nothing of the bars."""
    assert frames
    for frame in frames:
        assert np.allclose(frame.area.sides, area.sides, atol=0.01), frame
        thumbnail = cv2.imdecode(np.frombuffer(frame.thumbnail, np.uint8), cv2.IMREAD_COLOR)
        assert thumbnail is not None
        for picture in (frame.image, thumbnail):
            height, width, _ = picture.shape
            assert width / height == pytest.approx(aspect, rel=0.04)
        assert min(frame.image.shape[:2]) == 160
    assert len({frame.area for frame in frames}) == 1


def letterbox(number: int) -> Picture:
    picture = padded(moving(number, 270, 640), 45, 45, 0, 0, BLACK)
    cv2.putText(picture, f"line {number} of it", (200, 345), cv2.FONT_HERSHEY_SIMPLEX, 0.7, WHITE, 2)
    return picture


def pillarbox(number: int) -> Picture:
    return padded(moving(number, 360, 480), 0, 0, 80, 80, BLACK)


def coloured(number: int) -> Picture:
    picture = padded(moving(number, 360, 360), 0, 0, 140, 140, TEAL)
    cv2.circle(picture, (60, 60), 30, WHITE, -1)
    return picture


def blurred(number: int) -> Picture:
    return blurred_sides(moving(number, 360, 202), 640, 9.0, 0.8)


def four_sides(number: int) -> Picture:
    return padded(moving(number, 270, 480), 45, 45, 80, 80, BLACK)


BARS: list[tuple[Drawn, Area, float]] = [
    (letterbox, Area(0, 1 / 8, 1, 7 / 8), 640 / 270),
    (pillarbox, Area(1 / 8, 0, 7 / 8, 1), 480 / 360),
    (coloured, Area(140 / 640, 0, 500 / 640, 1), 1.0),
    (blurred, Area(219 / 640, 0, 421 / 640, 1), 202 / 360),
    (four_sides, Area(1 / 8, 1 / 8, 7 / 8, 7 / 8), 480 / 270),
]


@pytest.mark.parametrize(
    ("draw", "area", "aspect", "first_look"),
    [
        pytest.param(*bars, first_look, marks=() if number % 2 == first_look else pytest.mark.nightly)
        for number, bars in enumerate(BARS)
        for first_look in (False, True)
    ],
)
def test_bars_are_cut_off(
    decoder: Decoder, tmp_path: Path, draw: Drawn, area: Area, aspect: float, first_look: bool
) -> None:
    path = write(tmp_path / "v.mp4", [draw(number) for number in range(25)])
    assert_cropped(read(decoder, path, Sampling(first_look=first_look)), area, aspect)


def test_the_area_is_that_of_the_upright_picture(decoder: Decoder, tmp_path: Path) -> None:
    path = write(tmp_path / "v.mp4", [pillarbox(number) for number in range(20)], rotation=90)
    assert_cropped(read(decoder, path), Area(0, 1 / 8, 1, 7 / 8), 360 / 480)


def test_the_area_is_that_of_square_pixels(decoder: Decoder, tmp_path: Path) -> None:
    pictures = [letterbox(number)[:, ::2] for number in range(20)]
    path = write(tmp_path / "v.mp4", pictures, aspect=Fraction(2, 1))
    assert_cropped(read(decoder, path), Area(0, 1 / 8, 1, 7 / 8), 640 / 270)


def test_no_clip_has_frames_of_two_areas(decoder: Decoder, tmp_path: Path) -> None:
    shots = [
        [letterbox(number) for number in range(15)],
        [moving(number, 360, 640, 5) for number in range(15)],
        [blurred(number) for number in range(15)],
    ]
    frames = read(decoder, write(tmp_path / "v.mp4", [picture for shot in shots for picture in shot]))
    kinds = [round(frame.area.left, 1) or round(frame.area.top, 1) for frame in frames]
    assert kinds == sorted(kinds, key=[0.1, 0, 0.3].index)
    assert set(kinds) == {0.1, 0, 0.3}
    for clip in {frame.clip for frame in frames}:
        assert len({frame.area for frame in frames if frame.clip == clip}) == 1


def test_a_video_without_bars_is_as_it_was(decoder: Decoder, tmp_path: Path) -> None:
    pictures = [moving(number, 360, 640) for number in range(20)]
    fading = [(picture * min(1, number / 8)).astype(np.uint8) for number, picture in enumerate(pictures)]
    for name, drawn in (("v.mp4", pictures), ("fading.mp4", fading)):
        frames = read(decoder, write(tmp_path / name, drawn))
        assert {frame.area for frame in frames} == {WHOLE}
        assert {frame.image.shape for frame in frames} == {(160, 284, 3)}


def drifting(number: int) -> Picture:
    """A camera that stands nearly still."""
    return landscape(360, 480, 3)[:, number : number + 240]


def two_scenes(number: int) -> Picture:
    """Two shots that are as dark as each other."""
    return landscape(360, 240, 7 + number // 33, darkest=20, lightest=64)


@pytest.mark.parametrize(
    ("draw", "colour", "rotation"),
    [
        (drifting, BLACK, 0),
        (drifting, TEAL, 270),
        (two_scenes, BLACK, 270),
        (two_scenes, TEAL, 0),
        *(
            pytest.param(*others, marks=pytest.mark.nightly)
            for others in (
                (drifting, BLACK, 270),
                (drifting, TEAL, 0),
                (two_scenes, BLACK, 0),
                (two_scenes, TEAL, 270),
            )
        ),
    ],
)
def test_bars_hide_neither_that_a_picture_changes_nor_that_it_is_another(
    decoder: Decoder, tmp_path: Path, draw: Drawn, colour: tuple[int, int, int], rotation: int
) -> None:
    pictures = [draw(number) for number in range(60)]
    plain = write(tmp_path / "plain.mp4", pictures, rotation=rotation)
    sides = [padded(picture, 0, 0, 200, 200, colour) for picture in pictures]
    beside = write(tmp_path / "bars.mp4", sides, rotation=rotation)
    taken, with_bars = (
        [(frame.time, frame.clip) for frame in read(decoder, path)] for path in (plain, beside)
    )
    assert with_bars == taken


def test_what_turns_up_in_a_bar_is_not_missed(decoder: Decoder, tmp_path: Path) -> None:
    pictures = [padded(landscape(270, 640, 4), 45, 45, 0, 0, BLACK) for _ in range(60)]
    for picture in pictures[40:]:
        cv2.circle(picture, (100, 340), 12, WHITE, -1)
    times = [frame.time for frame in read(decoder, write(tmp_path / "v.mp4", pictures))]
    assert any(abs(time - 40 / RATE) < 0.51 for time in times), times


@pytest.mark.skipif(not CLIPS.is_dir(), reason="needs ../shared")
def test_none_of_the_given_clips_is_cropped(decoder: Decoder, nightly: bool) -> None:
    """By day every seventh."""
    clips = [path for path in sorted(CLIPS.iterdir()) if path.suffix != ".csv"]
    cropped = {
        path.name
        for path in clips[:: 1 if nightly else 7]
        if any(frame.area != WHOLE for frame in read(decoder, path))
    }
    assert cropped == set()


@pytest.mark.skipif(not CLIPS.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize(
    ("name", "way"),
    [
        pytest.param(name, way, marks=() if clip == kind else pytest.mark.nightly)
        for clip, name in enumerate(SOME)
        for kind, way in enumerate(WAYS)
    ],
)
def test_padded_clips_are_cropped_to_the_picture(
    decoder: Decoder, tmp_path: Path, name: str, way: str
) -> None:
    area = pad_video(CLIPS / name, tmp_path / "v.mp4", way, seconds=2)
    for frame in read(decoder, tmp_path / "v.mp4"):
        assert np.allclose(frame.area.sides, area.sides, atol=0.01), frame
